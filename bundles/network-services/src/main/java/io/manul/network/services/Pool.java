package io.manul.network.services;

/**
 * The chains that Services share: what a chain does depends on the protocol and on how many endpoints there are, and which
 * ones is looked up by the packet's destination. Their names say it all, so that they are made when first named:
 * {@code tcp-n5} sends to one of five, {@code tcp-x5} does so for traffic from outside, {@code tcp-l5-2} keeps the source of
 * traffic from outside, which goes to one of two endpoints here, while pods and the node itself reach all five. {@code N},
 * {@code X} and {@code L}: the same for node ports. Pure.
 */
final class Pool {

    static final String MARK = "meta mark set meta mark or 0x4000";

    private Pool() {
    }

    /** To any of so many endpoints. */
    static String cluster(String protocol, boolean nodePort, int count) {
        return protocol + (nodePort ? "-N" : "-n") + count;
    }

    /** From outside. @param local -1: policy Cluster; else so many endpoints here */
    static String external(String protocol, boolean nodePort, int cluster, int local) {
        return protocol + (local < 0 ? (nodePort ? "-X" : "-x") + cluster : (nodePort ? "-L" : "-l") + cluster + "-" + local);
    }

    /** A chain's rules, one a line. @param pods whether the family has a pod network that is known */
    static String rules(Family family, boolean pods, String chain) {
        String[] parts = chain.split("-");
        String protocol = parts[0];
        char kind = parts[1].charAt(0);
        boolean nodePort = Character.isUpperCase(kind);
        String count = parts[1].substring(1);
        String any = cluster(protocol, nodePort, Integer.parseInt(count));
        return switch (Character.toLowerCase(kind)) {
            case 'n' -> dnat(family, protocol, nodePort, "", count);
            case 'x' -> MARK + "\ngoto " + any;
            case 'l' -> shortCircuit(family, pods, any) + (parts[2].equals("0") ? "" : "\n" + dnat(family, protocol, nodePort, "local-", parts[2]));
            default -> throw new IllegalArgumentException(chain);
        };
    }

    /** Pods here and the node itself are not outside: neither policy holds for them. */
    static String shortCircuit(Family family, boolean pods, String any) {
        return (pods ? family.ip + " saddr @pod-networks goto " + any + "\n" : "") + "fib saddr type local " + MARK
                + "\nfib saddr type local goto " + any;
    }

    private static String dnat(Family family, String protocol, boolean nodePort, String prefix, String count) {
        return "dnat " + family.ip + " addr . port to " + (nodePort ? "" : family.ip + " daddr . ") + protocol + " dport . numgen random mod "
                + count + " map @" + prefix + (nodePort ? "nodeport-endpoints-" : "endpoints-") + protocol;
    }
}
