package io.manul.helm.template.go;

import java.util.Set;
import java.util.regex.Pattern;

/** What a plain scalar means to go-yaml (YAML 1.1 with its exceptions): nil, Boolean, Long, UInt, Double, or text. */
final class YamlScalars {

    private static final Set<String> TRUE = Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE = Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern BASE60 = Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}");
    private static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]| )[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})?");

    private YamlScalars() {
    }

    /** A time stays text here; {@link #text} tells whether it would be one. */
    static Object resolve(String s) {
        if (NULL.contains(s)) {
            return null;
        }
        char c = s.charAt(0);
        if (TRUE.contains(s)) {
            return true;
        }
        if (FALSE.contains(s)) {
            return false;
        }
        if (c == '.' || c == '+' || c == '-') {
            Double special = special(s);
            if (special != null) {
                return special;
            }
        }
        if (c == '.') {
            Double d = Floats.parse(s);
            return d == null ? s : d;
        }
        return c == '+' || c == '-' || c >= '0' && c <= '9' ? number(s) : s;
    }

    private static Double special(String s) {
        return switch (s) {
            case ".nan", ".NaN", ".NAN" -> Double.NaN;
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> Double.POSITIVE_INFINITY;
            case "-.inf", "-.Inf", "-.INF" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    private static Object number(String s) {
        if (time(s)) {
            return s;
        }
        String plain = s.replace("_", "");
        Long l = plain.isEmpty() ? null : Ints.parse(plain);
        if (l != null) {
            return l;
        }
        Long u = Ints.unsigned(plain);
        if (u != null) {
            return new UInt("uint64", u);
        }
        if (FLOAT.matcher(plain).matches()) {
            Double d = Floats.parse(plain);
            if (d != null) {
                return d;
            }
        }
        return s;
    }

    static boolean time(String s) {
        return s.length() >= 8 && (DATE.matcher(s).matches() || TIME.matcher(s).matches()) && sane(s);
    }

    private static boolean sane(String s) {
        String[] p = s.split("[-Tt :.+Z]");
        int month = Integer.parseInt(p[1]);
        int day = Integer.parseInt(p[2]);
        return month >= 1 && month <= 12 && day >= 1
                && day <= java.time.YearMonth.of(Integer.parseInt(p[0]), month).lengthOfMonth()
                && (p.length < 6 || Integer.parseInt(p[3]) < 24 && Integer.parseInt(p[4]) < 60 && Integer.parseInt(p[5]) < 60);
    }

    /** Whether text stays text when it is written without quotes. */
    static boolean text(String s) {
        return resolve(s) instanceof String && !time(s) && !BASE60.matcher(s).matches();
    }
}
