package io.manul.network.services;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the table holds: chains with their rules, and the elements of its maps and sets, as nft text. Two of them can be
 * compared, and the difference is all that has to be changed.
 */
final class Ruleset {

    /** Rules by chain, one a line. */
    final Map<String, String> chains = new TreeMap<>();
    /** Extra sets (client affinity) by name, with their declaration. */
    final Map<String, String> sets = new TreeMap<>();
    /** Verdict by element, by map. */
    final Map<String, TreeMap<String, String>> maps = new TreeMap<>();
    /** Elements of the set {@code hairpin}. */
    final TreeSet<String> hairpins = new TreeSet<>();

    Ruleset(Iterable<PortRule> rules) {
        for (String map : new String[] {"services", "nodeports", "no-endpoints", "no-endpoint-nodeports"}) {
            maps.put(map, new TreeMap<>());
        }
        rules.forEach(this::add);
    }

    private void add(PortRule r) {
        for (String ip : r.addresses()) {
            place("services", ip + " . " + r.protocol() + " . " + r.port(), r.inside(), r.chain());
        }
        boolean apart = !r.outside().equals(r.inside()) || r.keepSource();
        String outside = apart ? r.chain() + "-x" : r.chain();
        for (String ip : r.external()) {
            place("services", ip + " . " + r.protocol() + " . " + r.port(), r.outside(), outside);
        }
        if (r.nodePort() != 0) {
            place("nodeports", r.protocol() + " . " + r.nodePort(), r.outside(), outside + "-n");
        }
        if (!r.inside().isEmpty()) {
            chain(r.chain(), r, r.inside(), "");
        }
        if (!r.outside().isEmpty()) {
            if (apart && !r.external().isEmpty()) {
                chain(outside, r, r.outside(), "");
            }
            if (r.nodePort() != 0) {
                // without the client's own node in between, answers must come back through us
                chain(outside + "-n", r, r.outside(), r.keepSource() ? "" : "meta mark set meta mark or 0x4000\n");
            }
        }
    }

    private void place(String map, String element, java.util.List<Endpoint> endpoints, String chain) {
        if (endpoints.isEmpty()) {
            maps.get(map.equals("nodeports") ? "no-endpoint-nodeports" : "no-endpoints").put(element, "goto refuse");
        } else {
            maps.get(map).put(element, "goto " + chain);
        }
    }

    private void chain(String name, PortRule r, java.util.List<Endpoint> endpoints, String before) {
        endpoints.forEach(e -> hairpins.add(e.ip() + " . " + e.ip()));
        StringBuilder text = new StringBuilder(before);
        if (r.affinitySeconds() > 0) {
            affinity(name, r, endpoints, text);
        } else if (endpoints.size() == 1) {
            text.append(dnat(r, endpoints.getFirst()));
        } else {
            text.append("meta l4proto ").append(r.protocol()).append(" dnat ip addr . port to numgen random mod ")
                    .append(endpoints.size()).append(" map { ");
            for (int i = 0; i < endpoints.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(i).append(" : ").append(endpoints.get(i).ip()).append(" . ")
                        .append(endpoints.get(i).port());
            }
            text.append(" }");
        }
        chains.put(name, text.toString());
    }

    private void affinity(String name, PortRule r, java.util.List<Endpoint> endpoints, StringBuilder text) {
        StringBuilder choose = new StringBuilder();
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint e = endpoints.get(i);
            String one = r.chain() + "-" + e.ip().replace('.', '-') + "-" + e.port();
            sets.put("aff-" + one, "{ type ipv4_addr; flags dynamic,timeout; timeout " + r.affinitySeconds() + "s; }");
            chains.put(one, "update @aff-" + one + " { ip saddr }\n" + dnat(r, e));
            text.append("ip saddr @aff-").append(one).append(" goto ").append(one).append('\n');
            choose.append(i == 0 ? "" : ", ").append(i).append(" : goto ").append(one);
        }
        text.append("numgen random mod ").append(endpoints.size()).append(" vmap { ").append(choose).append(" }");
    }

    private static String dnat(PortRule r, Endpoint e) {
        return "meta l4proto " + r.protocol() + " dnat ip to " + e.ip() + ":" + e.port();
    }
}
