package io.manul.network.dns.wire;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes one message, within a limit: what does not fit is left out and said by the TC flag. */
public final class Writer {

    public static final int MOST = 65535;
    private static final int OPT = 11;

    private final int limit;
    private byte[] out = new byte[512];
    private int at;
    private final Map<Name, Integer> written = new HashMap<>();

    private Writer(int limit) {
        this.limit = limit;
    }

    public static byte[] write(Message message, int limit) {
        return new Writer(limit).message(message);
    }

    /** An answer to what could not be read: only a header. */
    public static byte[] header(int id, int flags, int code) {
        byte[] out = new byte[Reader.HEADER];
        out[0] = (byte) (id >> 8);
        out[1] = (byte) id;
        out[2] = (byte) (flags >> 8);
        out[3] = (byte) (flags | code & 15);
        return out;
    }

    private byte[] message(Message m) {
        int room = limit - (m.edns().isPresent() ? OPT : 0);
        word(m.id());
        word(m.flags() | m.code() & 15);
        word(1);
        at = Reader.HEADER;
        name(m.question().name());
        word(m.question().type());
        word(m.question().group());
        int[] counts = new int[3];
        boolean cut = !records(m.answers(), room, counts, 0) || !records(m.authority(), room, counts, 1);
        if (!cut) {
            records(m.additional(), room, counts, 2); // what of these is left out, nobody misses
        }
        m.edns().ifPresent(e -> {
            ensure(OPT);
            out[at++] = 0;
            word(Type.OPT);
            word(e.size());
            word(m.code() >> 4 << 8 | e.version());
            word(e.wantsSignatures() ? 0x8000 : 0);
            word(0);
        });
        if (cut) {
            out[2] |= (byte) (Message.TRUNCATED >> 8);
        }
        int end = at;
        at = 6;
        word(counts[0]);
        word(counts[1]);
        word(counts[2] + (m.edns().isPresent() ? 1 : 0));
        return Arrays.copyOf(out, end);
    }

    private boolean records(List<Rr> records, int room, int[] counts, int section) {
        for (Rr r : records) {
            int before = at;
            name(r.owner());
            ensure(10 + r.data().length);
            word(r.type());
            word(Question.IN);
            word(r.ttl() >>> 16);
            word(r.ttl());
            word(r.data().length);
            System.arraycopy(r.data(), 0, out, at, r.data().length);
            at += r.data().length;
            if (at > room) {
                at = before;
                written.values().removeIf(offset -> offset >= before);
                return false;
            }
            counts[section]++;
        }
        return true;
    }

    /** With a pointer to where it, or its end, stands already (RFC 1035, 4.1.4). */
    private void name(Name name) {
        byte[] wire = name.wire();
        for (int from = 0; wire[from] != 0; from += wire[from] + 1) {
            Name rest = from == 0 ? name : new Name(Arrays.copyOfRange(wire, from, wire.length));
            Integer before = written.get(rest);
            if (before != null) {
                ensure(2);
                word(0xc000 | before);
                return;
            }
            ensure(wire[from] + 1);
            if (at < 0x4000) {
                written.put(rest, at);
            }
            System.arraycopy(wire, from, out, at, wire[from] + 1);
            at += wire[from] + 1;
        }
        ensure(1);
        out[at++] = 0;
    }

    private void word(int value) {
        ensure(2);
        out[at++] = (byte) (value >> 8);
        out[at++] = (byte) value;
    }

    private void ensure(int more) {
        if (at + more > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, at + more));
        }
    }
}
