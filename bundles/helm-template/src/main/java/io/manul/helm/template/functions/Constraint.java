package io.manul.helm.template.functions;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version constraint as Masterminds/semver 3 understands it: {@code >= 1.2, < 3 || ~4.1 || ^0.2 || 1.x || 1 - 2}. */
public final class Constraint {

    private static final String VERSION = "v?([0-9|x|X|\\*]+)(\\.[0-9|x|X|\\*]+)?(\\.[0-9|x|X|\\*]+)?"
            + "(-([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?(\\+([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?";
    private static final String OPERATORS = "=||!=|>|<|>=|=>|<=|=<|~|~>|\\^";
    private static final Pattern ONE = Pattern.compile("\\s*(" + OPERATORS + ")\\s*(" + VERSION + ")\\s*");
    private static final Pattern FIND = Pattern.compile("(!=|>=|=>|<=|=<|~>|=|>|<|~|\\^|)\\s*(" + VERSION + ")");
    private static final Pattern RANGE = Pattern.compile("\\s*(" + VERSION + ")\\s+-\\s+(" + VERSION + ")\\s*");
    private static final Pattern VALID = Pattern.compile("(\\s*(" + OPERATORS + ")\\s*(" + VERSION + ")\\s*)((?:\\s+|,\\s*)(" + OPERATORS
            + ")\\s*(" + VERSION + ")\\s*)*");

    private record Part(String operator, Version version, boolean dirty, boolean minorDirty, boolean patchDirty) {
    }

    private final List<List<Part>> alternatives = new ArrayList<>();

    private Constraint() {
    }

    /** @throws GoError {@code improper constraint: "..."} */
    public static Constraint parse(String text) {
        if (text.length() > 512) {
            throw new GoError("constraint string is too long (max 512 bytes)");
        }
        String c = text;
        Matcher ranges = RANGE.matcher(text);
        while (ranges.find()) {
            c = c.replace(ranges.group(), ">= " + ranges.group(1) + ", <= " + ranges.group(10) + " ");
        }
        String[] ors = c.split("\\|\\|", -1);
        if (ors.length > 32) {
            throw new GoError("too many constraint groups (max 32)");
        }
        Constraint out = new Constraint();
        for (String or : ors) {
            if (!VALID.matcher(or).matches()) {
                throw new GoError("improper constraint: " + Text.quote(or));
            }
            List<Part> parts = new ArrayList<>();
            Matcher m = FIND.matcher(or);
            while (m.find()) {
                parts.add(part(m.group()));
            }
            out.alternatives.add(parts);
        }
        return out;
    }

    /** Whether a version is in a range, both as text; what cannot be read is in none. */
    public static boolean compatible(String constraint, String version) {
        try {
            Version v = Version.parse(version);
            return parse(constraint).accepts(v);
        } catch (GoError e) {
            return false;
        }
    }

    private static boolean any(String s) {
        return s == null || s.isEmpty() || s.equals("x") || s.equals("X") || s.equals("*");
    }

    private static Part part(String text) {
        Matcher m = ONE.matcher(text);
        if (!m.matches()) {
            throw new GoError("improper constraint: " + Text.quote(text));
        }
        String minor = m.group(4) == null ? "" : m.group(4).substring(1);
        String patch = m.group(5) == null ? "" : m.group(5).substring(1);
        String pre = m.group(6) == null ? "" : m.group(6);
        String version = m.group(2);
        boolean dirty = true;
        boolean minorDirty = false;
        boolean patchDirty = false;
        if (any(m.group(3))) {
            version = "0.0.0" + pre;
        } else if (any(minor)) {
            minorDirty = true;
            version = m.group(3) + ".0.0" + pre;
        } else if (any(patch)) {
            patchDirty = true;
            version = m.group(3) + "." + minor + ".0" + pre;
        } else {
            dirty = false;
        }
        try {
            return new Part(m.group(1), Version.parse(version), dirty, minorDirty, patchDirty);
        } catch (GoError e) {
            throw new GoError("constraint parser error");
        }
    }

    public boolean accepts(Version v) {
        return alternatives.stream().anyMatch(parts -> {
            boolean pre = parts.stream().anyMatch(p -> !p.version.pre().isEmpty());
            return parts.stream().allMatch(p -> (v.pre().isEmpty() || pre) && check(p, v));
        });
    }

    private static boolean check(Part p, Version v) {
        Version c = p.version;
        return switch (p.operator) {
            case "", "=" -> p.dirty ? tilde(p, v) : v.compareTo(c) == 0;
            case "!=" -> notEqual(p, v);
            case ">" -> greater(p, v);
            case "<" -> v.compareTo(c) < 0;
            case ">=", "=>" -> v.compareTo(c) >= 0;
            case "<=", "=<" -> !p.dirty ? v.compareTo(c) <= 0
                    : v.major() <= c.major() && !(v.major() == c.major() && v.minor() > c.minor() && !p.minorDirty);
            case "~", "~>" -> tilde(p, v);
            default -> caret(p, v);
        };
    }

    private static boolean notEqual(Part p, Version v) {
        Version c = p.version;
        if (p.dirty) {
            if (c.major() != v.major() || c.minor() != v.minor() && !p.minorDirty) {
                return true;
            }
            if (p.minorDirty) {
                return false;
            }
            if (c.patch() != v.patch() && !p.patchDirty) {
                return true;
            }
            if (p.patchDirty) {
                return (!v.pre().isEmpty() || !c.pre().isEmpty()) && Version.pre(v.pre(), c.pre()) != 0;
            }
        }
        return v.compareTo(c) != 0;
    }

    private static boolean greater(Part p, Version v) {
        Version c = p.version;
        if (!p.dirty) {
            return v.compareTo(c) > 0;
        }
        if (v.major() != c.major()) {
            return v.major() > c.major();
        }
        return !p.minorDirty && (p.patchDirty ? v.minor() > c.minor() : v.compareTo(c) > 0);
    }

    private static boolean tilde(Part p, Version v) {
        Version c = p.version;
        if (v.compareTo(c) < 0) {
            return false;
        }
        if (c.major() == 0 && c.minor() == 0 && c.patch() == 0 && !p.minorDirty && !p.patchDirty) {
            return true;
        }
        return v.major() == c.major() && (v.minor() == c.minor() || p.minorDirty);
    }

    private static boolean caret(Part p, Version v) {
        Version c = p.version;
        if (v.compareTo(c) < 0) {
            return false;
        }
        if (c.major() > 0 || p.minorDirty) {
            return v.major() == c.major();
        }
        if (v.major() > 0) {
            return false;
        }
        if (c.minor() > 0 || p.patchDirty) {
            return v.minor() == c.minor();
        }
        return v.minor() == 0 && c.patch() == v.patch();
    }
}
