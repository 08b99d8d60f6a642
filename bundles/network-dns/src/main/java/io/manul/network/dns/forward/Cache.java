package io.manul.network.dns.forward;

import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rcode;
import io.manul.network.dns.wire.Rr;
import io.manul.network.dns.wire.Type;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What other servers said, for as long as they allow and we do; the least used goes when it is full. Safe from any thread. */
public final class Cache {

    /** What is asked, and what of the query changes the answer. */
    public record Key(Question question, boolean signatures, boolean unchecked) {
    }

    private record Entry(Answer answer, long since, int seconds, int octets) {
    }

    private static final int LEAST_SECONDS = 1;
    private static final int ENTRY_OCTETS = 200;

    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private final LongSupplier nanos;
    private final int mostOctets;
    private final int mostSeconds;
    private final int mostDenialSeconds;
    private int octets;

    /** @param mostOctets roughly, all together */
    public Cache(LongSupplier nanos, int mostOctets, int mostSeconds, int mostDenialSeconds) {
        this.nanos = nanos;
        this.mostOctets = mostOctets;
        this.mostSeconds = mostSeconds;
        this.mostDenialSeconds = mostDenialSeconds;
    }

    /** With what is left of the time to live. */
    public synchronized Optional<Answer> get(Key key) {
        Entry e = entries.get(key);
        if (e == null) {
            return Optional.empty();
        }
        int age = (int) ((nanos.getAsLong() - e.since) / 1_000_000_000L);
        if (age >= e.seconds) {
            entries.remove(key);
            octets -= e.octets;
            return Optional.empty();
        }
        Answer a = e.answer;
        return Optional.of(new Answer(a.code(), older(a.answers(), age, e.seconds), older(a.authority(), age, e.seconds),
                older(a.additional(), age, e.seconds), a.authoritative()));
    }

    private static List<Rr> older(List<Rr> records, int age, int most) {
        return records.stream().map(r -> r.withTtl(Math.max(0, Math.min(r.ttl(), most) - age))).toList();
    }

    public synchronized void put(Key key, Answer answer) {
        int seconds = seconds(answer);
        if (seconds < LEAST_SECONDS) {
            return;
        }
        int size = ENTRY_OCTETS + octets(answer.answers()) + octets(answer.authority()) + octets(answer.additional());
        if (size > mostOctets / 8) {
            return;
        }
        Entry before = entries.put(key, new Entry(answer, nanos.getAsLong(), seconds, size));
        octets += size - (before == null ? 0 : before.octets);
        Iterator<Map.Entry<Key, Entry>> eldest = entries.entrySet().iterator();
        while (octets > mostOctets && eldest.hasNext()) {
            octets -= eldest.next().getValue().octets;
            eldest.remove();
        }
    }

    private static int octets(List<Rr> records) {
        return records.stream().mapToInt(r -> 120 + r.data().length).sum();
    }

    /** RFC 2308: a "no" for as long as its SOA says; without one not at all. 0: not kept. */
    private int seconds(Answer answer) {
        boolean no = answer.code() == Rcode.NXDOMAIN || answer.code() == Rcode.NOERROR && answer.answers().isEmpty();
        if (no) {
            long soa = answer.authority().stream().filter(r -> r.type() == Type.SOA && r.data().length >= 22)
                    .mapToLong(r -> Math.min(r.ttl(), r.minimum())).min().orElse(0);
            return (int) Math.min(mostDenialSeconds, soa);
        }
        return answer.code() != Rcode.NOERROR ? 0
                : Math.min(mostSeconds, answer.answers().stream().mapToInt(Rr::ttl).min().orElse(0));
    }

    public synchronized int size() {
        return entries.size();
    }

    synchronized int octets() {
        return octets;
    }

    public synchronized void clear() {
        entries.clear();
        octets = 0;
    }
}
