package io.manul.helm.template.functions;

import io.manul.helm.template.go.GoError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A semantic version (semver.org 2.0.0), read loosely: {@code v1.2} is 1.2.0. */
public record Version(long major, long minor, long patch, String pre, String build, String original) implements Comparable<Version> {

    private static final Pattern LOOSE = Pattern.compile("v?([0-9]+)(\\.[0-9]+)?(\\.[0-9]+)?"
            + "(-([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?(\\+([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?");

    /** @throws GoError {@code invalid semantic version} */
    public static Version parse(String text) {
        Matcher m = LOOSE.matcher(text);
        if (text.length() > 256 || !m.matches()) {
            throw new GoError(text.length() > 256 ? "version string is too long (max 256 bytes)" : "invalid semantic version");
        }
        String pre = m.group(5) == null ? "" : m.group(5);
        for (String part : pre.split("\\.")) {
            if (part.matches("0[0-9]+")) {
                throw new GoError("version segment starts with 0");
            }
        }
        return new Version(number(m.group(1)), number(m.group(2)), number(m.group(3)), pre, m.group(8) == null ? "" : m.group(8), text);
    }

    private static long number(String group) {
        if (group == null) {
            return 0;
        }
        try {
            return Long.parseLong(group.replace(".", ""));
        } catch (NumberFormatException e) {
            throw new GoError("error parsing version segment: strconv.ParseUint: parsing \"" + group.replace(".", "") + "\": value out of range");
        }
    }

    @Override
    public int compareTo(Version o) {
        int c = Long.compare(major, o.major);
        c = c != 0 ? c : Long.compare(minor, o.minor);
        c = c != 0 ? c : Long.compare(patch, o.patch);
        return c != 0 ? c : pre(pre, o.pre);
    }

    static int pre(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b.isEmpty() ? 0 : 1 : -1;
        }
        String[] x = a.split("\\.");
        String[] y = b.split("\\.");
        for (int i = 0; i < Math.max(x.length, y.length); i++) {
            if (i >= x.length || i >= y.length) {
                return i >= x.length ? -1 : 1;
            }
            boolean xn = x[i].matches("[0-9]{1,18}");
            boolean yn = y[i].matches("[0-9]{1,18}");
            int c = xn && yn ? Long.compare(Long.parseLong(x[i]), Long.parseLong(y[i])) : xn != yn ? xn ? -1 : 1 : x[i].compareTo(y[i]);
            if (c != 0) {
                return Integer.signum(c);
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch + (pre.isEmpty() ? "" : "-" + pre) + (build.isEmpty() ? "" : "+" + build);
    }
}
