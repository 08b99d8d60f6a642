package io.manul.network.policy;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Remembers what is in the table, and writes what turns it into what a world wants, in one transaction. The enforcer's thread. */
final class Script {

    private static final int LINE = 500;

    private final Map<String, String> chains = new TreeMap<>();
    private final Set<String> sets = new TreeSet<>();
    private final Map<String, Map<String, String>> maps = new TreeMap<>();
    /** The table holds what the fields above say. */
    private boolean known;
    private StringBuilder text = new StringBuilder();

    /** What is in the table is not known: the next one replaces it whole. */
    void forget() {
        known = false;
        chains.clear();
        sets.clear();
        maps.clear();
    }

    /** Empty when nothing is to be changed. */
    String to(World world) {
        text = new StringBuilder();
        if (!known) {
            text.append(Frame.text());
        }
        Map<String, String> wanted = new TreeMap<>(world.policyChains());
        wanted.putAll(world.groups);
        world.fillings().forEach((name, filling) -> {
            if (!sets.contains(name)) {
                line("add set", name + " " + filling.declaration());
            }
        });
        wanted.keySet().stream().filter(c -> !chains.containsKey(c)).forEach(c -> line("add chain", c));
        Map<String, TreeMap<String, String>> verdicts = new TreeMap<>(world.maps);
        verdicts.putAll(world.selves);
        verdicts.forEach((map, now) -> left(map, now));
        world.fillings().keySet().forEach(name -> members(name, world.elements(name)));
        wanted.forEach(this::chain);
        verdicts.forEach((map, now) -> come(map, now));
        Set<String> gone = new TreeSet<>(chains.keySet());
        gone.removeAll(wanted.keySet());
        gone.forEach(c -> line("flush chain", c));
        gone.forEach(c -> line("delete chain", c));
        Set<String> goneSets = new TreeSet<>(sets);
        goneSets.removeAll(world.fillings().keySet());
        goneSets.forEach(s -> line("delete set", s));
        return text.toString();
    }

    /** The last script is in the kernel. */
    void written(World world) {
        known = true;
        chains.clear();
        chains.putAll(world.policyChains());
        chains.putAll(world.groups);
        sets.clear();
        sets.addAll(world.fillings().keySet());
        sets.forEach(s -> world.elements(s).written());
        maps.clear();
        world.maps.forEach((m, e) -> maps.put(m, Map.copyOf(e)));
        world.selves.forEach((m, e) -> maps.put(m, Map.copyOf(e)));
    }

    private void members(String name, Elements elements) {
        if (!sets.contains(name)) {
            elements("add element", name, elements.all());
        } else if (!elements.unchanged()) {
            elements("delete element", name, elements.changed(false));
            elements("add element", name, elements.changed(true));
        }
    }

    private void left(String map, Map<String, String> now) {
        TreeSet<String> out = new TreeSet<>();
        maps.getOrDefault(map, Map.of()).forEach((k, v) -> {
            if (!v.equals(now.get(k))) {
                out.add(k);
            }
        });
        elements("delete element", map, out);
    }

    private void come(String map, Map<String, String> now) {
        TreeSet<String> out = new TreeSet<>();
        now.forEach((k, v) -> {
            if (!v.equals(maps.getOrDefault(map, Map.of()).get(k))) {
                out.add(v.isEmpty() ? k : k + " : " + v);
            }
        });
        elements("add element", map, out);
    }

    private void elements(String command, String set, Collection<String> elements) {
        StringBuilder some = new StringBuilder();
        int n = 0;
        for (String e : elements) {
            some.append(n == 0 ? "" : ", ").append(e);
            if (++n == LINE) {
                line(command, set + " { " + some + " }");
                some.setLength(0);
                n = 0;
            }
        }
        if (n > 0) {
            line(command, set + " { " + some + " }");
        }
    }

    private void chain(String name, String rules) {
        String before = chains.get(name);
        if (rules.equals(before)) {
            return;
        }
        if (before != null) {
            line("flush chain", name);
        }
        rules.lines().forEach(r -> line("add rule", name + " " + r));
    }

    private void line(String command, String rest) {
        text.append(command).append(' ').append(Frame.TABLE).append(' ').append(rest).append('\n');
    }
}
