package io.manul.network.dns.wire;

import java.util.Map;

/** Record types that mean something here (IANA, "DNS Resource Record Types"). */
public final class Type {
    public static final int A = 1;
    public static final int NS = 2;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int PTR = 12;
    public static final int HINFO = 13;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int OPT = 41;
    public static final int IXFR = 251;
    public static final int AXFR = 252;
    public static final int ANY = 255;

    private static final Map<String, Integer> NAMES = Map.of("A", A, "NS", NS, "CNAME", CNAME, "SOA", SOA, "PTR", PTR, "MX", MX, "TXT", TXT,
            "AAAA", AAAA, "SRV", SRV, "ANY", ANY);

    private Type() {
    }

    /** -1 when it is none of those. */
    public static int of(String name) {
        return NAMES.getOrDefault(name.toUpperCase(java.util.Locale.ROOT), -1);
    }

    public static String name(int type) {
        return NAMES.entrySet().stream().filter(e -> e.getValue() == type).map(Map.Entry::getKey).findFirst().orElse("TYPE" + type);
    }
}
