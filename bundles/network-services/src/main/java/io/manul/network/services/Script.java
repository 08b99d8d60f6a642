package io.manul.network.services;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The nft script for a change, in one transaction. Pure. */
final class Script {

    private static final Pattern SHARED = Pattern.compile("goto ((?:tcp|udp|sctp)-[nxlNXL]\\d+(?:-\\d+)?)");

    private final String table;
    private final Frame.Site site;
    private final StringBuilder text = new StringBuilder();

    Script(String table, Frame.Site site) {
        this.table = table;
        this.site = site;
    }

    /** Empties both tables first: what another version or a crash left is replaced in the same transaction. */
    Script frame(Collection<Family> families) {
        for (Family f : families) {
            line("add table " + f.ip + " " + table);
            line("delete table " + f.ip + " " + table);
            text.append(Frame.of(f, table, site));
        }
        return this;
    }

    /**
     * @param shared the shared chains that are there ({@code ip tcp-n5}); those that come are added to it
     * @return names of chains ({@code ip any-1x2}) that are empty now and can be deleted when the kernel has let go of them
     */
    Set<String> change(Change change, Set<String> shared) {
        change.added(Fact.Kind.SET).forEach(f -> line("add set " + where(f) + " " + f.value()));
        List<Fact> chains = change.added(Fact.Kind.CHAIN);
        chains.forEach(f -> line("add chain " + where(f)));
        elements("delete", change.removed(Fact.Kind.ELEMENT));
        List<Fact> elements = change.added(Fact.Kind.ELEMENT);
        share(elements, shared);
        for (Fact f : chains) {
            line("flush chain " + where(f));
            f.value().lines().forEach(rule -> line("add rule " + where(f) + " " + rule));
        }
        elements("add", elements);
        return sweep(change, chains);
    }

    private String where(Fact f) {
        return f.family().ip + " " + table + " " + f.place();
    }

    private void share(List<Fact> elements, Set<String> shared) {
        for (Fact f : elements) {
            var m = SHARED.matcher(f.value());
            if (m.matches()) {
                add(f.family(), m.group(1), shared);
            }
        }
    }

    private void add(Family family, String chain, Set<String> shared) {
        if (!shared.add(family.ip + " " + chain)) {
            return;
        }
        String rules = Pool.rules(family, !family.of(site.pods()).isEmpty(), chain);
        var named = SHARED.matcher(rules);
        while (named.find()) {
            add(family, named.group(1), shared);
        }
        line("add chain " + family.ip + " " + table + " " + chain);
        rules.lines().forEach(rule -> line("add rule " + family.ip + " " + table + " " + chain + " " + rule));
    }

    private void elements(String verb, List<Fact> facts) {
        Map<String, StringBuilder> byPlace = new LinkedHashMap<>();
        for (Fact f : facts) {
            StringBuilder list = byPlace.computeIfAbsent(where(f), w -> new StringBuilder());
            list.append(list.isEmpty() ? "" : ", ").append(f.element());
        }
        byPlace.forEach((where, list) -> text.append(verb).append(" element ").append(where).append(" { ").append(list).append(" }\n"));
    }

    private Set<String> sweep(Change change, List<Fact> come) {
        Set<String> stay = new TreeSet<>();
        come.forEach(f -> stay.add(where(f)));
        Set<String> stale = new TreeSet<>();
        for (Fact f : change.removed(Fact.Kind.CHAIN)) {
            if (!stay.contains(where(f))) {
                line("flush chain " + where(f));
                stale.add(f.family().ip + " " + f.place());
            }
        }
        Set<String> sets = new TreeSet<>();
        change.added(Fact.Kind.SET).forEach(f -> sets.add(where(f)));
        change.removed(Fact.Kind.SET).stream().filter(f -> !sets.contains(where(f))).forEach(f -> line("delete set " + where(f)));
        return stale;
    }

    /** Deletes chains that an earlier change emptied. */
    Script delete(Collection<String> stale) {
        for (String chain : stale) {
            int space = chain.indexOf(' ');
            line("delete chain " + chain.substring(0, space) + " " + table + chain.substring(space));
        }
        return this;
    }

    private void line(String command) {
        text.append(command).append('\n');
    }

    String text() {
        return text.toString();
    }
}
