package io.manul.network.services;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The nft script that turns one ruleset into another, in one transaction. Pure. */
final class Script {

    private final String table;
    private final String podNetwork;
    private final StringBuilder text = new StringBuilder();

    private Script(String table, String podNetwork) {
        this.table = "ip " + table;
        this.podNetwork = podNetwork;
    }

    /** Everything from nothing: what another version or a crash left is replaced in the same transaction. */
    static String whole(String table, String podNetwork, Ruleset to) {
        Script s = new Script(table, podNetwork);
        s.frame();
        s.change(new Ruleset(java.util.List.of()), to);
        return s.text.toString();
    }

    /** Only the difference; empty when there is none. */
    static String difference(String table, String podNetwork, Ruleset from, Ruleset to) {
        Script s = new Script(table, podNetwork);
        s.change(from, to);
        return s.text.toString();
    }

    private void frame() {
        text.append("add table ").append(table).append('\n').append("delete table ").append(table).append('\n')
                .append("table ").append(table).append("""
                         {
                          map services { type ipv4_addr . inet_proto . inet_service : verdict; }
                          map nodeports { type inet_proto . inet_service : verdict; }
                          map no-endpoints { type ipv4_addr . inet_proto . inet_service : verdict; }
                          map no-endpoint-nodeports { type inet_proto . inet_service : verdict; }
                          set hairpin { type ipv4_addr . ipv4_addr; }
                          chain refuse { reject; }
                          chain refusals {
                            ip daddr . meta l4proto . th dport vmap @no-endpoints
                            fib daddr type local meta l4proto . th dport vmap @no-endpoint-nodeports
                          }
                          chain refuse-in { type filter hook input priority -10; policy accept; ct state new jump refusals; }
                          chain refuse-forward { type filter hook forward priority -10; policy accept; ct state new jump refusals; }
                          chain refuse-out { type filter hook output priority -10; policy accept; ct state new jump refusals; }
                          chain dispatch {
                            ip daddr . meta l4proto . th dport vmap @services
                            ip daddr != 127.0.0.0/8 fib daddr type local meta l4proto . th dport vmap @nodeports
                          }
                          chain prerouting { type nat hook prerouting priority -100; policy accept; jump dispatch; }
                          chain output { type nat hook output priority -100; policy accept; jump dispatch; }
                          chain postrouting {
                            type nat hook postrouting priority 100; policy accept;
                            meta mark and 0x4000 == 0x4000 masquerade
                            ct status dnat ip saddr . ip daddr @hairpin masquerade
                            ct status dnat ip saddr != @POD_NETWORK@ fib saddr type local masquerade
                          }
                        }
                        """.replace("@POD_NETWORK@", podNetwork));
    }

    private void change(Ruleset from, Ruleset to) {
        to.sets.forEach((name, declaration) -> {
            if (!declaration.equals(from.sets.get(name))) {
                line("add set " + table + " " + name + " " + declaration);
            }
        });
        Map<String, String> fresh = new TreeMap<>(to.chains);
        fresh.keySet().removeAll(from.chains.keySet());
        fresh.keySet().forEach(c -> line("add chain " + table + " " + c));
        elements(from, to, false);
        to.chains.forEach((name, rules) -> {
            String before = from.chains.get(name);
            if (!rules.equals(before)) {
                if (before != null) {
                    line("flush chain " + table + " " + name);
                }
                for (String rule : rules.split("\n")) {
                    line("add rule " + table + " " + name + " " + rule);
                }
            }
        });
        elements(from, to, true);
        // a chain goes when nothing jumps to it any more: first empty them all
        TreeSet<String> gone = new TreeSet<>(from.chains.keySet());
        gone.removeAll(to.chains.keySet());
        gone.forEach(c -> line("flush chain " + table + " " + c));
        gone.forEach(c -> line("delete chain " + table + " " + c));
        TreeSet<String> goneSets = new TreeSet<>(from.sets.keySet());
        goneSets.removeAll(to.sets.keySet());
        goneSets.forEach(n -> line("delete set " + table + " " + n));
    }

    /** Old elements go before the chains change, new ones come after: an element never points to an unfinished chain. */
    private void elements(Ruleset from, Ruleset to, boolean adding) {
        to.maps.forEach((map, wanted) -> {
            Map<String, String> had = from.maps.get(map);
            if (adding) {
                wanted.forEach((k, v) -> {
                    if (!v.equals(had.get(k))) {
                        line("add element " + table + " " + map + " { " + k + " : " + v + " }");
                    }
                });
            } else {
                had.forEach((k, v) -> {
                    if (!v.equals(wanted.get(k))) {
                        line("delete element " + table + " " + map + " { " + k + " : " + v + " }");
                    }
                });
            }
        });
        for (String pair : adding ? to.hairpins : from.hairpins) {
            if (!(adding ? from : to).hairpins.contains(pair)) {
                line((adding ? "add" : "delete") + " element " + table + " hairpin { " + pair + " }");
            }
        }
    }

    private void line(String command) {
        text.append(command).append('\n');
    }
}
