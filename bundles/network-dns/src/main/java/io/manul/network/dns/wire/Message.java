package io.manul.network.dns.wire;

import java.util.List;
import java.util.Optional;

/** A message with one question. @param flags the second word of the header, without the code @param code with what OPT adds to it */
public record Message(int id, int flags, int code, Question question, List<Rr> answers, List<Rr> authority, List<Rr> additional,
        Optional<Edns> edns) {

    public static final int RESPONSE = 0x8000;
    public static final int AUTHORITATIVE = 0x0400;
    public static final int TRUNCATED = 0x0200;
    public static final int RECURSION_DESIRED = 0x0100;
    public static final int RECURSION_AVAILABLE = 0x0080;
    public static final int AUTHENTIC = 0x0020;
    public static final int CHECKING_DISABLED = 0x0010;

    public static Message query(int id, int flags, Question question, Optional<Edns> edns) {
        return new Message(id, flags, 0, question, List.of(), List.of(), List.of(), edns);
    }

    public boolean response() {
        return (flags & RESPONSE) != 0;
    }

    public boolean truncated() {
        return (flags & TRUNCATED) != 0;
    }

    public int opcode() {
        return flags >> 11 & 15;
    }

    /** The answer to this query, with its id and question. */
    public Message reply(int extraFlags, int rcode, List<Rr> answer, List<Rr> authorities, List<Rr> more) {
        int kept = flags & (0x7800 | RECURSION_DESIRED | CHECKING_DISABLED);
        return new Message(id, RESPONSE | RECURSION_AVAILABLE | kept | extraFlags, rcode, question, answer, authorities, more,
                edns.map(e -> new Edns(Edns.SIZE, 0, e.wantsSignatures())));
    }
}
