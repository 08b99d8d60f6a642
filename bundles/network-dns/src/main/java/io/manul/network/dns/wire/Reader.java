package io.manul.network.dns.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads one message. A pointer must point to what came before it, so that reading ends. */
public final class Reader {

    static final int HEADER = 12;

    private final byte[] in;
    private final int end;
    private int at;
    private Edns edns;
    private int high;

    private Reader(byte[] in, int end) {
        this.in = in;
        this.end = end;
    }

    /** @throws Malformed also when it has not exactly one question */
    public static Message read(byte[] in, int length) throws Malformed {
        return new Reader(in, length).message();
    }

    /** The id of something that could not be read; -1 when not even that is there, or it is an answer. */
    public static int idOfQuery(byte[] in, int length) {
        return length < HEADER || in[2] < 0 ? -1 : (in[0] & 255) << 8 | in[1] & 255;
    }

    private Message message() throws Malformed {
        if (end < HEADER) {
            throw new Malformed("shorter than a header");
        }
        int id = word();
        int flags = word();
        int[] counts = {word(), word(), word(), word()};
        if (counts[0] != 1) {
            throw new Malformed(counts[0] + " questions");
        }
        Question question = new Question(name(), word(), word());
        List<Rr> answers = records(counts[1]);
        List<Rr> authority = records(counts[2]);
        List<Rr> additional = records(counts[3]);
        return new Message(id, flags & ~15, flags & 15 | high << 4, question, answers, authority, additional, Optional.ofNullable(edns));
    }

    private List<Rr> records(int count) throws Malformed {
        if (count > (end - at) / 11) {
            throw new Malformed("more records than fit");
        }
        List<Rr> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Name owner = name();
            int type = word();
            int group = word();
            long ttl = (long) word() << 16 | word();
            int length = word();
            if (at + length > end) {
                throw new Malformed("data beyond the end");
            }
            int next = at + length;
            if (type == Type.OPT) {
                opt(owner, group, ttl);
            } else if (group == Question.IN) {
                byte[] data = data(type, next);
                out.add(new Rr(owner, type, ttl > Integer.MAX_VALUE ? 0 : (int) ttl, data));
            }
            at = next;
        }
        return out;
    }

    private void opt(Name owner, int size, long ttl) throws Malformed {
        if (edns != null || owner.wire().length != 1) {
            throw new Malformed("a second OPT, or one with a name");
        }
        high = (int) (ttl >> 24);
        edns = new Edns(Math.max(512, size), (int) (ttl >> 16 & 255), (ttl & 0x8000) != 0);
    }

    /** Names in the data of old types may be pointers (RFC 3597, 4); they are written out. */
    private byte[] data(int type, int next) throws Malformed {
        int before = switch (type) {
            case Type.NS, Type.CNAME, Type.PTR, 3, 4, 7, 8, 9, 39 -> 0;
            case Type.SOA, 14, 17 -> 0;
            case Type.MX, 18, 21, 36 -> 2;
            case Type.SRV -> 6;
            default -> -1;
        };
        if (before < 0) {
            byte[] plain = Arrays.copyOfRange(in, at, next);
            if (type == Type.A && plain.length != 4 || type == Type.AAAA && plain.length != 16) {
                throw new Malformed("an address of " + plain.length + " octets");
            }
            return plain;
        }
        byte[] out = new byte[before + 2 * Name.MOST + 20];
        if (at + before > next) {
            throw new Malformed("data too short");
        }
        System.arraycopy(in, at, out, 0, before);
        at += before;
        int length = append(out, before);
        if (type == Type.SOA || type == 14 || type == 17) {
            length = append(out, length);
        }
        int rest = next - at;
        if (rest != (type == Type.SOA ? 20 : 0)) {
            throw new Malformed("data of another length than its names");
        }
        System.arraycopy(in, at, out, length, rest);
        return Arrays.copyOf(out, length + rest);
    }

    private int append(byte[] out, int length) throws Malformed {
        byte[] name = name().wire();
        System.arraycopy(name, 0, out, length, name.length);
        return length + name.length;
    }

    private int word() throws Malformed {
        if (at + 2 > end) {
            throw new Malformed("ends too early");
        }
        return (in[at++] & 255) << 8 | in[at++] & 255;
    }

    private Name name() throws Malformed {
        byte[] out = new byte[Name.MOST];
        int length = 0;
        int from = at;
        int lowest = at;
        boolean jumped = false;
        for (;;) {
            if (from >= end) {
                throw new Malformed("a name beyond the end");
            }
            int n = in[from++] & 255;
            if (n >= 0xc0) {
                if (from >= end) {
                    throw new Malformed("a name beyond the end");
                }
                int to = (n & 0x3f) << 8 | in[from++] & 255;
                if (!jumped) {
                    at = from;
                    jumped = true;
                }
                if (to >= lowest) {
                    throw new Malformed("a pointer that does not go back");
                }
                lowest = to;
                from = to;
            } else if (n > 63) {
                throw new Malformed("a label of an unknown kind");
            } else if (n == 0) {
                if (!jumped) {
                    at = from;
                }
                return new Name(Arrays.copyOf(out, length + 1));
            } else {
                if (from + n > end || length + n + 2 > Name.MOST) {
                    throw new Malformed("a name too long");
                }
                out[length++] = (byte) n;
                System.arraycopy(in, from, out, length, n);
                length += n;
                from += n;
            }
        }
    }
}
