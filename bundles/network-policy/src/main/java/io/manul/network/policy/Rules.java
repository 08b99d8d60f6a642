package io.manul.network.policy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nft rules of policies. Every packet is judged by its flow: who opened it ({@code ct original saddr}) and who answers
 * ({@code ct reply saddr}, what a Service's address was turned into), so that a flow ends with the packet after it lost its right.
 * What a rule needs of pods is a set, filled apart. Pure.
 */
final class Rules {

    /** What fills a set. @param name empty: addresses; else address and port of the ports with that name */
    record Filling(Policy.Peers peers, boolean six, String name, String protocol) {
        String set() {
            return (name.isEmpty() ? "pods" : "ports") + (six ? "6-" : "4-") + id(toString());
        }

        String declaration() {
            return "{ type " + (six ? "ipv6_addr" : "ipv4_addr") + (name.isEmpty() ? "" : " . inet_service") + "; }";
        }
    }

    /** Every pod of the cluster. */
    private static final Policy.Peers ALL = new Policy.Peers("", "{}", "{}");
    private static final String CLIENT = "ct original ";
    private static final String SERVER = "ct reply ";

    final Map<String, String> chains = new TreeMap<>();
    final Map<String, Filling> sets = new TreeMap<>();
    private final boolean six;

    /** @param six pods have IPv6 addresses */
    Rules(Iterable<Policy> policies, boolean six) {
        this.six = six;
        for (Policy p : policies) {
            if (p.ingress()) {
                chains.put(chain(p, true), text(p, true));
            }
            if (p.egress()) {
                chains.put(chain(p, false), text(p, false));
            }
        }
    }

    static String chain(Policy policy, boolean ingress) {
        return (ingress ? "in-" : "out-") + id(policy.key().toString());
    }

    static String id(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, hash).toString(36).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(Policy policy, boolean ingress) {
        List<String> lines = new ArrayList<>();
        // what may go out is looked at once more, as what comes in
        String verdict = ingress ? "accept" : "goto admit";
        for (Policy.Rule rule : ingress ? policy.in() : policy.out()) {
            boolean byNameOnly = !rule.ports().isEmpty() && rule.ports().stream().noneMatch(p -> p.name().isEmpty());
            for (String from : byNameOnly ? List.<String>of() : peers(rule, ingress)) {
                if (rule.ports().isEmpty()) {
                    lines.add(from + verdict);
                }
                for (Policy.Port port : rule.ports()) {
                    if (port.name().isEmpty()) {
                        lines.add(from + numbered(port) + verdict);
                    }
                }
            }
            for (Policy.Port port : rule.ports()) {
                if (!port.name().isEmpty()) {
                    named(policy, rule, port, ingress).forEach(l -> lines.add(l + verdict));
                }
            }
        }
        return String.join("\n", lines);
    }

    /** One line's beginning for each way that the other side can match. */
    private List<String> peers(Policy.Rule rule, boolean ingress) {
        String side = ingress ? CLIENT : SERVER;
        List<String> out = new ArrayList<>();
        if (rule.anybody()) {
            out.add("");
        }
        for (Policy.Peers p : rule.peers()) {
            for (boolean v6 : families()) {
                out.add(side + (v6 ? "ip6" : "ip") + " saddr @" + set(p, v6, "", "") + " ");
            }
        }
        rule.blocks().forEach(b -> out.add(block(b, side)));
        return out;
    }

    private static String block(Policy.Block block, String side) {
        String field = side + (block.cidr().six() ? "ip6" : "ip") + " saddr ";
        StringBuilder out = new StringBuilder(block.cidr().bits() == 0 ? "meta nfproto " + (block.cidr().six() ? "ipv6 " : "ipv4 ")
                : field + block.cidr().text() + " ");
        block.except().stream().filter(e -> e.six() == block.cidr().six()).forEach(e -> out.append(field).append("!= ").append(e.text()).append(' '));
        return out.toString();
    }

    private static String numbered(Policy.Port port) {
        String protocol = "meta l4proto " + port.protocol() + " ";
        return port.first() == 0 ? protocol : protocol + SERVER + "proto-src "
                + (port.last() > port.first() ? port.first() + "-" + port.last() : port.first()) + " ";
    }

    /** A name is a port of the pod that answers: of the selected one coming in, of the peer going out. */
    private List<String> named(Policy policy, Policy.Rule rule, Policy.Port port, boolean ingress) {
        List<String> out = new ArrayList<>();
        for (boolean v6 : families()) {
            if (ingress) {
                String at = at(policy.selects(), v6, port);
                peers(rule, true).stream().filter(p -> fits(p, v6)).forEach(p -> out.add(p + at));
            } else {
                rule.peers().forEach(p -> out.add(at(p, v6, port)));
                if (rule.anybody()) {
                    out.add(at(ALL, v6, port));
                }
                rule.blocks().stream().filter(b -> b.cidr().six() == v6).forEach(b -> out.add(block(b, SERVER) + at(ALL, v6, port)));
            }
        }
        return out;
    }

    private static boolean fits(String line, boolean v6) {
        return line.isEmpty() || v6 == (line.contains("ip6 ") || line.contains("ipv6"));
    }

    private String at(Policy.Peers peers, boolean v6, Policy.Port port) {
        return "meta l4proto " + port.protocol() + " ct reply " + (v6 ? "ip6" : "ip") + " saddr . ct reply proto-src @"
                + set(peers, v6, port.name(), port.protocol()) + " ";
    }

    private String set(Policy.Peers peers, boolean v6, String name, String protocol) {
        Filling f = new Filling(peers, v6, name, protocol);
        sets.put(f.set(), f);
        return f.set();
    }

    private boolean[] families() {
        return six ? new boolean[] {false, true} : new boolean[] {false};
    }
}
