package io.manul.apiserver.kinds.batch;

import java.util.ArrayList;
import java.util.List;

/** Completion indexes as text ("1,3-5"): whether it is well formed, and how many they are (batch/v1 JobStatus.completedIndexes). */
final class IndexText {

    private record Interval(int first, int last) {
    }

    private IndexText() {
    }

    /** @throws IllegalArgumentException when it is not; the message says why */
    static int count(String text, long completions) {
        return intervals(text, completions).stream().mapToInt(i -> i.last - i.first + 1).sum();
    }

    private static List<Interval> intervals(String text, long completions) {
        List<Interval> out = new ArrayList<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            Interval next = interval(part, completions);
            if (!out.isEmpty() && out.getLast().last >= next.first) {
                throw new IllegalArgumentException("non-increasing order, previous: " + out.getLast().last + ", current: " + next.first);
            }
            out.add(next);
        }
        return out;
    }

    private static Interval interval(String part, long completions) {
        String[] limits = part.split("-", -1);
        if (limits.length > 2) {
            throw new IllegalArgumentException("the fragment \"" + part
                    + "\" violates the requirement that an index interval can have at most two parts separated by '-'");
        }
        int first = index(limits[0], completions);
        int last = limits.length == 1 ? first : index(limits[1], completions);
        if (limits.length == 2 && first >= last) {
            throw new IllegalArgumentException("non-increasing order, previous: " + first + ", current: " + last);
        }
        return new Interval(first, last);
    }

    private static int index(String text, long completions) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("cannot convert string to integer for index: \"" + text + "\"");
        }
        int index = Integer.parseInt(text);
        if (index >= completions) {
            throw new IllegalArgumentException("too large index: \"" + text + "\"");
        }
        return index;
    }

    /** The first index that is in both; -1 for none. Neither may be malformed. */
    static int common(String a, String b, long completions) {
        for (Interval x : intervals(a, completions)) {
            for (Interval y : intervals(b, completions)) {
                if (x.first <= y.last && y.first <= x.last) {
                    return Math.max(x.first, y.first);
                }
            }
        }
        return -1;
    }
}
