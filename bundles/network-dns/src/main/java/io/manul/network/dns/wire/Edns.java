package io.manul.network.dns.wire;

/** The OPT record (RFC 6891). @param size largest UDP answer that is taken @param wantsSignatures the DO bit */
public record Edns(int size, int version, boolean wantsSignatures) {
    /** What passes everywhere without being cut in pieces (DNS flag day 2020). */
    public static final int SIZE = 1232;
    public static final Edns OURS = new Edns(SIZE, 0, false);
}
