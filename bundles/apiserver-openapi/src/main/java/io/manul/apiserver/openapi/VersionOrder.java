package io.manul.apiserver.openapi;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of versions of the page "Versions in CustomResourceDefinitions", Version priority: stable before beta before
 * alpha, the higher number first, and what follows no such scheme at the end, alphabetically.
 */
final class VersionOrder implements Comparator<String> {

    static final VersionOrder NEWEST_FIRST = new VersionOrder();

    private static final Pattern SCHEME = Pattern.compile("v([1-9][0-9]{0,8})(?:(alpha|beta)([1-9][0-9]{0,8}))?");

    private VersionOrder() {
    }

    @Override
    public int compare(String a, String b) {
        Matcher left = SCHEME.matcher(a);
        Matcher right = SCHEME.matcher(b);
        boolean l = left.matches();
        boolean r = right.matches();
        if (!l || !r) {
            return l ? -1 : r ? 1 : a.compareTo(b);
        }
        int stage = Integer.compare(stage(right), stage(left));
        int major = stage != 0 ? stage : Integer.compare(number(right, 1), number(left, 1));
        return major != 0 ? major : Integer.compare(number(right, 3), number(left, 3));
    }

    private static int stage(Matcher version) {
        return switch (version.group(2)) {
            case null -> 2;
            case "beta" -> 1;
            default -> 0;
        };
    }

    private static int number(Matcher version, int group) {
        return version.group(group) == null ? 0 : Integer.parseInt(version.group(group));
    }
}
