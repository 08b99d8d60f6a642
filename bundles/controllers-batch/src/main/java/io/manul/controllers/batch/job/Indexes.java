package io.manul.controllers.batch.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * A set of completion indexes as its sorted intervals, the form of {@code status.completedIndexes}: "1,3-5,7" (batch/v1
 * JobStatus). Immutable.
 */
final class Indexes {

    private record Interval(int first, int last) {
    }

    static final Indexes NONE = new Indexes(List.of());

    private final List<Interval> intervals;

    private Indexes(List<Interval> intervals) {
        this.intervals = intervals;
    }

    /** What is no number is passed over; what is not below {@code completions} does not count. */
    static Indexes parse(String text, int completions) {
        List<Interval> out = new ArrayList<>();
        for (String part : text.split(",")) {
            String[] limits = part.split("-", 2);
            if (!limits[0].matches("[0-9]{1,9}") || limits.length > 1 && !limits[1].matches("[0-9]{1,9}")) {
                continue;
            }
            int first = Integer.parseInt(limits[0]);
            if (first >= completions) {
                break;
            }
            append(out, new Interval(first, limits.length == 1 ? first : Math.min(Integer.parseInt(limits[1]), completions - 1)));
        }
        return new Indexes(out);
    }

    static Indexes of(Collection<Integer> indexes) {
        List<Interval> out = new ArrayList<>();
        new TreeSet<>(indexes).forEach(i -> append(out, new Interval(i, i)));
        return new Indexes(out);
    }

    private static void append(List<Interval> out, Interval next) {
        if (!out.isEmpty() && next.first <= out.getLast().last + 1) {
            Interval last = out.removeLast();
            out.add(new Interval(last.first, Math.max(last.last, next.last)));
        } else {
            out.add(next);
        }
    }

    Indexes with(Indexes other) {
        List<Interval> all = new ArrayList<>(intervals);
        all.addAll(other.intervals);
        all.sort(java.util.Comparator.comparingInt(Interval::first));
        List<Interval> out = new ArrayList<>();
        all.forEach(i -> append(out, i));
        return new Indexes(out);
    }

    Indexes with(Collection<Integer> indexes) {
        return indexes.isEmpty() ? this : with(of(indexes));
    }

    boolean has(int index) {
        return intervals.stream().anyMatch(i -> i.first <= index && index <= i.last);
    }

    int total() {
        return intervals.stream().mapToInt(i -> i.last - i.first + 1).sum();
    }

    boolean isEmpty() {
        return intervals.isEmpty();
    }

    /** How many of these are in the other set too. */
    int common(Indexes other) {
        int n = 0;
        for (Interval a : intervals) {
            for (Interval b : other.intervals) {
                n += Math.max(0, Math.min(a.last, b.last) - Math.max(a.first, b.first) + 1);
            }
        }
        return n;
    }

    /** The lowest indexes below {@code completions} that are not in the set; at most {@code count}. */
    List<Integer> missing(int count, int completions) {
        List<Integer> out = new ArrayList<>();
        int candidate = 0;
        for (Interval i : intervals) {
            for (; candidate < Math.min(i.first, completions) && out.size() < count; candidate++) {
                out.add(candidate);
            }
            candidate = Math.max(candidate, i.last + 1);
        }
        for (; candidate < completions && out.size() < count; candidate++) {
            out.add(candidate);
        }
        return out;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Interval i : intervals) {
            out.append(out.isEmpty() ? "" : ",").append(i.first);
            if (i.last > i.first) {
                out.append(i.last == i.first + 1 ? ',' : '-').append(i.last);
            }
        }
        return out.toString();
    }
}
