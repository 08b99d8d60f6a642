package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.from;
import static io.manul.helm.template.functions.Table.list;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Types;
import io.manul.helm.template.lang.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** Lists. */
final class Lists {

    private Lists() {
    }

    static void add(Table t) {
        t.add("list", "any...", a -> new ArrayList<>(Arrays.asList(a)));
        t.add("tuple", "any...", a -> new ArrayList<>(Arrays.asList(a)));
        t.both("append", "any,any", a -> append(a[0], a[1]));
        t.both("push", "any,any", a -> append(a[0], a[1]));
        t.both("prepend", "any,any", a -> {
            List<Object> out = new ArrayList<>(List.of());
            out.add(a[1]);
            out.addAll(list(a[0], "prepend on"));
            return out;
        });
        t.both("first", "any", a -> end(list(a[0], "find first on"), true));
        t.both("last", "any", a -> end(list(a[0], "find last on"), false));
        t.both("rest", "any", a -> part(list(a[0], "find rest on"), 1, 0));
        t.both("initial", "any", a -> part(list(a[0], "find initial on"), 0, 1));
        t.both("reverse", "any", a -> {
            List<Object> out = new ArrayList<>(list(a[0], "find reverse on"));
            Collections.reverse(out);
            return out;
        });
        t.both("compact", "any", a -> filtered(list(a[0], "compact on"), v -> !Casts.empty(v)));
        t.both("uniq", "any", a -> uniq(list(a[0], "find uniq on")));
        t.both("without", "any,any...", a -> filtered(list(a[0], "find without on"), v -> !contains(Arrays.asList(from(a, 1)), v)));
        t.both("has", "any,any", a -> a[1] != null && contains(list(a[1], "find has on"), a[0]));
        t.both("slice", "any,any...", Lists::slice);
        t.both("chunk", "int,any", a -> chunk(Table.number(a, 0), list(a[1], "chunk")));
        t.add("concat", "any...", Lists::concat);
    }

    private static List<Object> append(Object l, Object v) {
        List<Object> out = new ArrayList<>(list(l, "push on"));
        out.add(v);
        return out;
    }

    private static Object end(List<?> l, boolean first) {
        return l.isEmpty() ? null : first ? l.getFirst() : l.getLast();
    }

    private static Object part(List<?> l, int skip, int drop) {
        return l.isEmpty() ? Slice.NIL : new ArrayList<Object>(l.subList(skip, l.size() - drop));
    }

    private static List<Object> filtered(List<?> l, Predicate<Object> keep) {
        List<Object> out = new ArrayList<>();
        for (Object v : l) {
            if (keep.test(v)) {
                out.add(v);
            }
        }
        return out;
    }

    static boolean contains(List<?> l, Object v) {
        for (Object o : l) {
            if (Types.deepEqual(o, v)) {
                return true;
            }
        }
        return false;
    }

    private static List<Object> uniq(List<?> l) {
        List<Object> out = new ArrayList<>();
        for (Object v : l) {
            if (!contains(out, v)) {
                out.add(v);
            }
        }
        return out;
    }

    private static Object slice(Object[] a) {
        if (a[0] != null && !(a[0] instanceof List<?>)) {
            throw new GoError("list should be type of slice or array but " + Types.kind(a[0]));
        }
        List<?> l = list(a[0], "slice");
        if (l.isEmpty()) {
            return null;
        }
        long start = a.length > 1 ? Casts.whole(a[1]) : 0;
        long end = a.length > 2 ? Casts.whole(a[2]) : l.size();
        if (start < 0 || end < start || end > l.size()) {
            throw new GoError("reflect.Value.Slice: slice index out of bounds");
        }
        List<?> part = l.subList((int) start, (int) end);
        return l instanceof Slice s ? new Slice(s.element(), part) : new ArrayList<Object>(part);
    }

    private static Object chunk(long size, List<?> l) {
        if (size <= 0) {
            throw new GoError(size == 0 ? "runtime error: makeslice: len out of range" : "runtime error: makeslice: len out of range");
        }
        Slice out = new Slice("[]interface {}");
        for (int i = 0; i < l.size(); i += (int) Math.min(size, l.size())) {
            out.add(new ArrayList<Object>(l.subList(i, (int) Math.min(l.size(), i + size))));
        }
        return out;
    }

    private static Object concat(Object[] a) {
        List<Object> out = new ArrayList<>();
        for (Object l : a) {
            if (l != null && !(l instanceof List<?>)) {
                throw new GoError("Cannot concat type " + Types.kind(l) + " as list");
            }
            out.addAll(list(l, "concat"));
        }
        Limits.size(out.size());
        return out.isEmpty() ? Slice.NIL : out;
    }
}
