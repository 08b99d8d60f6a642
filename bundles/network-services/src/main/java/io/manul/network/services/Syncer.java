package io.manul.network.services;

import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables to what Services and EndpointSlices say, one transaction for all that changed meanwhile. A failed one is
 * followed by a whole one. Runs on a virtual thread of its own.
 */
final class Syncer implements Runnable {

    static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration CHECK = Duration.ofMinutes(5);

    private final Informer services;
    private final Informer slices;
    private final Planner planner;
    private final Supplier<String> zone;
    private final Tables tables;
    private final Flows flows;
    private final HealthPorts health;
    private final Dirty dirty = new Dirty();
    private final Culprits culprits;
    private final Map<Key, List<Plan.Flow>> udp = new HashMap<>();
    private Ledger ledger = new Ledger();
    final AtomicLong steps = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    volatile String trouble = "";

    /** @param zone of this node now */
    Syncer(Informer services, Informer slices, Planner planner, Supplier<String> zone, Tables tables, Flows flows, HealthPorts health,
            Culprits culprits) {
        this.services = services;
        this.slices = slices;
        this.planner = planner;
        this.zone = zone;
        this.tables = tables;
        this.flows = flows;
        this.health = health;
        this.culprits = culprits;
    }

    Dirty dirty() {
        return dirty;
    }

    /** Takes over the tables that another version left. Before {@link #run}. */
    void resume(byte[] state) throws InterruptedException {
        List<String> lines = new String(state, StandardCharsets.UTF_8).lines().toList();
        if (tables.take(lines)) {
            ledger = Ledger.of(String.join("\n", lines.subList(3, lines.size())));
        }
    }

    /** After {@link #run} has ended. */
    byte[] state() {
        return tables.there() ? (tables.text() + ledger.text()).getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    @Override
    public void run() {
        try {
            while (!(services.awaitSynced(Duration.ofMinutes(1)) && slices.awaitSynced(Duration.ofMinutes(1)))) {
                if (dirty.closed()) {
                    return;
                }
                LOG.warn("Waiting for Services and EndpointSlices to be listed");
            }
            for (Dirty.Batch batch = dirty.take(CHECK); batch != null; batch = dirty.take(CHECK)) {
                step(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(Dirty.Batch batch) throws InterruptedException {
        try {
            if (!batch.isEmpty() || !tables.check()) {
                sync(batch);
                steps.incrementAndGet();
                trouble = "";
            }
        } catch (IOException e) {
            failures.incrementAndGet();
            trouble = "Service rules were not written: " + e.getMessage();
            LOG.error("Service rules were not written; the whole table is written again in {} s why={}", RETRY.toSeconds(), e.getMessage());
            dirty.pause(RETRY);
            dirty.addAll();
        }
    }

    private void sync(Dirty.Batch batch) throws IOException, InterruptedException {
        boolean whole = !tables.there();
        if (whole) {
            ledger = new Ledger();
        }
        Set<Key> keys = new HashSet<>(batch.keys());
        if (whole || batch.every()) {
            keys.addAll(services.keys());
            keys.addAll(ledger.keys());
        }
        String here = zone.get();
        List<Ledger.Entry> entries = new ArrayList<>();
        for (Set<Key> next = keys; !next.isEmpty();) {
            List<Ledger.Entry> planned = next.stream().map(k -> plan(k, here)).toList();
            entries.addAll(planned);
            next = ledger.claim(planned);
            next.removeAll(keys);
            keys.addAll(next);
        }
        try {
            tables.write(ledger.put(entries));
        } catch (IOException e) {
            if (whole && tables.accepts(new Change())) {
                culprits.find(entries, tables::accepts);
            }
            throw e;
        }
        entries.forEach(e -> health.put(e.key(), e.plan().healthPort, e.plan().localReady));
        flows.forget(changedFlows(entries));
    }

    private Ledger.Entry plan(Key key, String here) {
        Optional<Obj> service = services.get(key);
        if (service.isEmpty()) {
            return new Ledger.Entry(key, "", new Plan());
        }
        Plan plan = planner.of(service.get(), slices.byIndex(SERVICE_LABEL, key.namespace() + "/" + key.name()), here);
        return culprits.filter(new Ledger.Entry(key, service.get().text("metadata", "creationTimestamp") + " " + key, plan));
    }

    private Collection<Plan.Flow> changedFlows(List<Ledger.Entry> entries) {
        List<Plan.Flow> changed = new ArrayList<>();
        for (Ledger.Entry e : entries) {
            List<Plan.Flow> now = e.plan().flows;
            List<Plan.Flow> before = now.isEmpty() ? udp.remove(e.key()) : udp.put(e.key(), now);
            if (!now.equals(before)) {
                changed.addAll(now);
                for (Plan.Flow f : before == null ? List.<Plan.Flow>of() : before) {
                    changed.add(new Plan.Flow(f.family(), f.address(), f.port(), List.of())); // merged with what it may be now
                }
            }
        }
        return changed;
    }
}
