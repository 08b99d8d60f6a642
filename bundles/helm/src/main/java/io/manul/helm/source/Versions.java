package io.manul.helm.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Semantic versions and Helm's constraints on them (Masterminds/semver v3): {@code =, !=, >, <, >=, <=, ~, ^}, x-ranges, hyphen ranges,
 * commas or blanks for and, {@code ||} for or. A pre-release is taken only by a constraint that names one.
 */
final class Versions {

    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,9})(?:\\.(\\d{1,9}|[xX*]))?(?:\\.(\\d{1,9}|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");
    private static final Pattern TERM = Pattern.compile("\\s*(=|==|!=|>|<|>=|=>|<=|=<|~|~>|\\^)?\\s*(v?[0-9xX*][0-9A-Za-z.+*-]*)\\s*");
    private static final Comparator<long[]> NUMBERS = Comparator.comparingLong((long[] n) -> n[0]).thenComparingLong(n -> n[1]).thenComparingLong(n -> n[2]);

    /** @param parts how many of the three numbers were given */
    private record Version(long[] numbers, int parts, String pre) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            int c = NUMBERS.compare(numbers, other.numbers);
            return c != 0 ? c : pre.equals(other.pre) ? 0 : pre.isEmpty() ? 1 : other.pre.isEmpty() ? -1 : comparePre(pre, other.pre);
        }

        private static int comparePre(String a, String b) {
            String[] x = a.split("\\.");
            String[] y = b.split("\\.");
            for (int i = 0; i < Math.min(x.length, y.length); i++) {
                boolean n = x[i].matches("\\d{1,18}");
                boolean m = y[i].matches("\\d{1,18}");
                int c = n && m ? Long.compare(Long.parseLong(x[i]), Long.parseLong(y[i])) : n ? -1 : m ? 1 : x[i].compareTo(y[i]);
                if (c != 0) {
                    return c;
                }
            }
            return Integer.compare(x.length, y.length);
        }
    }

    private Versions() {
    }

    private static Optional<Version> parse(String text) {
        Matcher m = VERSION.matcher(text.strip());
        if (!m.matches()) {
            return Optional.empty();
        }
        long[] n = new long[3];
        int parts = 0;
        for (int i = 0; i < 3 && m.group(i + 1) != null && !m.group(i + 1).matches("[xX*]"); i++) {
            n[i] = Long.parseLong(m.group(i + 1));
            parts++;
        }
        return Optional.of(new Version(n, parts, m.group(4) == null ? "" : m.group(4)));
    }

    /** The newest of them that the constraint takes; empty constraint: the newest without a pre-release. */
    static Optional<String> best(List<String> available, String constraint) {
        if (available.contains(constraint)) {
            return Optional.of(constraint);
        }
        Predicate<String> takes = constraint(constraint.isBlank() ? ">=0.0.0" : constraint);
        return available.stream().filter(takes).max(Comparator.comparing(v -> parse(v).orElseThrow()));
    }

    private static Predicate<String> constraint(String text) {
        List<Predicate<Version>> any = new ArrayList<>();
        boolean pre = false;
        for (String part : text.split("\\|\\|")) {
            String hyphens = part.replaceAll("\\s*(\\S+)\\s+-\\s+(\\S+)\\s*", ">=$1 <=$2");
            List<Predicate<Version>> all = new ArrayList<>();
            Matcher m = TERM.matcher(hyphens.replace(',', ' '));
            int end = 0;
            while (m.find() && m.start() == end) {
                end = m.end();
                String version = m.group(2).matches("[xX*].*") ? "" : m.group(2);
                pre |= version.contains("-");
                all.add(term(m.group(1) == null ? "" : m.group(1), version));
            }
            if (end != hyphens.length() || all.isEmpty()) {
                return v -> false; // no constraint: nothing fits, and the message names it
            }
            any.add(v -> all.stream().allMatch(p -> p.test(v)));
        }
        boolean pres = pre;
        return v -> parse(v).filter(x -> (pres || x.pre.isEmpty()) && any.stream().anyMatch(p -> p.test(x))).isPresent();
    }

    private static Predicate<Version> term(String operator, String version) {
        Optional<Version> given = version.isEmpty() ? Optional.of(new Version(new long[3], 0, "")) : parse(version);
        if (given.isEmpty()) {
            return v -> false;
        }
        Version g = given.get();
        return switch (operator) {
            case "!=" -> v -> !same(v, g);
            case ">" -> v -> g.parts < 3 ? v.compareTo(g) > 0 && !same(v, g) : v.compareTo(g) > 0;
            case ">=", "=>" -> v -> v.compareTo(g) >= 0;
            case "<" -> v -> v.compareTo(g) < 0;
            case "<=", "=<" -> v -> v.compareTo(g) <= 0 || g.parts < 3 && same(v, g);
            case "~", "~>" -> v -> v.compareTo(g) >= 0 && (g.parts == 0 || v.numbers[0] == g.numbers[0] && (g.parts < 2 || v.numbers[1] == g.numbers[1]));
            case "^" -> v -> v.compareTo(g) >= 0 && caret(v, g);
            default -> v -> same(v, g);
        };
    }

    private static boolean same(Version v, Version g) {
        for (int i = 0; i < g.parts; i++) {
            if (v.numbers[i] != g.numbers[i]) {
                return false;
            }
        }
        return g.parts < 3 || v.pre.equals(g.pre);
    }

    /** The first number that is not 0 stays. */
    private static boolean caret(Version v, Version g) {
        for (int i = 0; i < 3; i++) {
            if (i >= g.parts) {
                return true;
            }
            if (v.numbers[i] != g.numbers[i]) {
                return false;
            }
            if (g.numbers[i] != 0) {
                return true;
            }
        }
        return true;
    }
}
