package io.manul.network.services;

import io.manul.client.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services whose rules the kernel refuses: one of them must not keep all others from being written. They are found by
 * halving, left out, and looked at again when their rules become others. One thread.
 */
final class Culprits {

    /** Whether the kernel takes it. */
    interface Judge {
        boolean accepts(Change change) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Culprits.class);
    private final BiConsumer<Key, String> complain;
    private final Map<Key, String> refused = new HashMap<>();

    Culprits(BiConsumer<Key, String> complain) {
        this.complain = complain;
    }

    void find(List<Ledger.Entry> entries, Judge judge) throws InterruptedException {
        if (entries.isEmpty() || judge.accepts(whole(entries))) {
            return;
        }
        if (entries.size() > 1) {
            find(entries.subList(0, entries.size() / 2), judge);
            find(entries.subList(entries.size() / 2, entries.size()), judge);
            return;
        }
        Key key = entries.getFirst().key();
        refused.put(key, text(entries.getFirst().plan()));
        LOG.error("The kernel refuses a Service's rules; it is left out until it changes, the others are written service={}", key);
        complain.accept(key, "node refuses the rules for this Service, which is not reachable there: look at its addresses and ranges");
    }

    private static Change whole(List<Ledger.Entry> entries) {
        Ledger ledger = new Ledger();
        ledger.claim(entries);
        return ledger.put(entries);
    }

    /** The same, or with an empty plan while it is refused. */
    Ledger.Entry filter(Ledger.Entry entry) {
        String before = refused.get(entry.key());
        if (before == null) {
            return entry;
        }
        if (before.equals(text(entry.plan()))) {
            return new Ledger.Entry(entry.key(), entry.created(), new Plan());
        }
        refused.remove(entry.key());
        return entry;
    }

    private static String text(Plan plan) {
        return Fact.text(plan.own) + plan.claimed;
    }
}
