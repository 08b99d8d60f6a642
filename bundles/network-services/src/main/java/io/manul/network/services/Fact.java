package io.manul.network.services;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * One thing that a table holds for a Service.
 *
 * @param place the map, set, chain or dynamic set
 * @param key   the element; empty for chains and dynamic sets
 * @param value what the element maps to (empty in a set), the chain's rules (one a line), the set's declaration
 */
record Fact(Family family, Kind kind, String place, String key, String value) {

    enum Kind { ELEMENT, CHAIN, SET }

    static Fact element(Family family, String map, String key, String value) {
        return new Fact(family, Kind.ELEMENT, map, key, value);
    }

    /** The braces' content. */
    String element() {
        return value.isEmpty() ? key : key + " : " + value;
    }

    /** One line, for keeping: many Services are remembered. */
    String line() {
        return String.join("\t", family.ip, kind.name(), place, key, value.replace('\n', '\f'));
    }

    static Fact of(String line) {
        String[] p = line.split("\t", 5);
        return new Fact(Family.named(p[0]), Kind.valueOf(p[1]), p[2], p[3], p[4].replace('\f', '\n'));
    }

    static String text(Collection<Fact> facts) {
        StringBuilder text = new StringBuilder();
        facts.forEach(f -> text.append(f.line()).append('\n'));
        return text.toString();
    }

    static List<Fact> facts(String text) {
        List<Fact> all = new ArrayList<>();
        text.lines().forEach(l -> all.add(of(l)));
        return all;
    }
}
