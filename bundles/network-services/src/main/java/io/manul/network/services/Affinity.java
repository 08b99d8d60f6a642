package io.manul.network.services;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Session affinity ClientIP: a set of clients with a time-out for each endpoint, and chains of the port's own that look them
 * up before they choose. One client is the same whichever of the Service's addresses it comes by. Pure.
 */
final class Affinity {

    private final Family family;
    private final String id;
    private final String protocol;
    private final long seconds;

    Affinity(Family family, String id, String protocol, long seconds) {
        this.family = family;
        this.id = id;
        this.protocol = protocol;
        this.seconds = seconds;
    }

    String name(boolean local) {
        return (local ? "local-" : "any-") + id;
    }

    String external() {
        return "ext-" + id;
    }

    List<Fact> chains(Reach reach, boolean pods, boolean localOutside) {
        List<Fact> facts = new ArrayList<>();
        TreeSet<Endpoint> all = new TreeSet<>(reach.cluster());
        all.addAll(reach.local());
        for (Endpoint e : all) {
            facts.add(new Fact(family, Fact.Kind.SET, "aff-" + one(e), "", "{ type " + family.type
                    + "; flags dynamic,timeout; timeout " + seconds + "s; }"));
            facts.add(new Fact(family, Fact.Kind.CHAIN, "ep-" + one(e), "", "update @aff-" + one(e) + " { " + family.ip + " saddr }\nmeta l4proto "
                    + protocol + " dnat " + family.ip + " to " + (family == Family.IPV6 ? "[" + e.ip() + "]" : e.ip()) + ":" + e.port()));
        }
        choice(false, reach.cluster(), facts);
        choice(true, reach.local(), facts);
        if (!reach.cluster().isEmpty()) {
            String any = name(false);
            facts.add(new Fact(family, Fact.Kind.CHAIN, external(), "", !localOutside ? Pool.MARK + "\ngoto " + any
                    : Pool.shortCircuit(family, pods, any) + (reach.local().isEmpty() ? "" : "\ngoto " + name(true))));
        }
        return facts;
    }

    private void choice(boolean local, List<Endpoint> to, List<Fact> facts) {
        if (to.isEmpty()) {
            return;
        }
        StringBuilder rules = new StringBuilder();
        StringBuilder choose = new StringBuilder();
        for (int i = 0; i < to.size(); i++) {
            String one = one(to.get(i));
            rules.append(family.ip).append(" saddr @aff-").append(one).append(" goto ep-").append(one).append('\n');
            choose.append(i == 0 ? "" : ", ").append(i).append(" : goto ep-").append(one);
        }
        facts.add(new Fact(family, Fact.Kind.CHAIN, name(local), "", rules + "numgen random mod " + to.size() + " vmap { " + choose + " }"));
    }

    private String one(Endpoint e) {
        return id + "-" + Names.of(e.target() + " " + seconds).substring(0, 10); // a set's time-out cannot be changed
    }
}
