package io.manul.helm.template.lang;

import io.manul.helm.template.go.Fmt;
import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Int;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Struct;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Types;
import io.manul.helm.template.go.UInt;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template has (pkg.go.dev/text/template, "Functions"). */
final class Builtins {

    static final Map<String, Func> FUNCTIONS = new HashMap<>();

    static {
        add("and", "value,value...", a -> a[0]);
        add("or", "value,value...", a -> a[0]);
        add("call", "value,value...", a -> a[0]);
        add("not", "value", a -> !Types.truth(Evaluation.unboxed(a[0])));
        add("html", "any...", a -> Escapes.html(joined(a)));
        add("js", "any...", a -> Escapes.js(joined(a)));
        add("urlquery", "any...", a -> Escapes.query(joined(a)));
        add("print", "any...", Fmt::sprint);
        add("println", "any...", Fmt::sprintln);
        add("printf", "string,any...", a -> Fmt.sprintf((String) a[0], Arrays.copyOfRange(a, 1, a.length)));
        add("len", "value", a -> Int.of(length(a[0])));
        add("index", "value,value...", Builtins::index);
        add("slice", "value,value...", Builtins::slice);
        add("eq", "value,value...", a -> Comparison.equal(a));
        add("ne", "value,value", a -> !Comparison.equal(a));
        add("lt", "value,value", a -> Comparison.less(a[0], a[1]));
        add("le", "value,value", a -> Comparison.less(a[0], a[1]) || Comparison.equal(a));
        add("gt", "value,value", a -> !(Comparison.less(a[0], a[1]) || Comparison.equal(a)));
        add("ge", "value,value", a -> !Comparison.less(a[0], a[1]));
    }

    private Builtins() {
    }

    private static void add(String name, String signature, Func.Body body) {
        FUNCTIONS.put(name, Func.of(name, signature, body).asBuiltin());
    }

    private static String joined(Object[] args) {
        Object[] printable = args.clone();
        for (int i = 0; i < args.length; i++) {
            printable[i] = args[i] == null ? "<no value>" : args[i];
        }
        return Fmt.sprint(printable);
    }

    private static long length(Object given) {
        if (given == null) {
            throw new GoError("reflect: call of reflect.Value.Type on zero Value");
        }
        if (given == Evaluation.NIL) {
            throw new GoError("len of nil pointer");
        }
        return switch (Evaluation.unboxed(given)) {
            case String s -> Text.length(s);
            case List<?> l -> l.size();
            case Map<?, ?> m -> m.size();
            case Object o -> throw new GoError("len of type " + Types.of(o));
        };
    }

    private static Object index(Object[] a) {
        Object item = Evaluation.unboxed(a[0]);
        if (item == null) {
            throw new GoError("index of untyped nil");
        }
        for (int i = 1; i < a.length; i++) {
            if (item == null || item == Evaluation.NIL) {
                throw new GoError("index of nil pointer");
            }
            Object key = Evaluation.unboxed(a[i]);
            item = switch (item) {
                case String s -> {
                    int at = at(key, Text.length(s));
                    byte[] bytes = Text.bytes(s);
                    if (at >= bytes.length) {
                        throw new GoError("reflect: string index out of range");
                    }
                    yield new UInt("uint8", bytes[at] & 0xff);
                }
                case List<?> l -> {
                    int at = at(key, l.size());
                    if (at >= l.size()) {
                        throw new GoError("reflect: slice index out of range");
                    }
                    Object found = l.get(at);
                    yield found == null && !(l instanceof Slice) ? Evaluation.NIL : found;
                }
                case Map<?, ?> m -> entry(m, key);
                default -> throw new GoError("can't index item of type " + Types.of(item));
            };
        }
        return item;
    }

    private static Object entry(Map<?, ?> m, Object key) {
        if (key == null) {
            throw new GoError("value is nil; should be of type string");
        }
        if (!(key instanceof String s)) {
            throw new GoError("value has type " + Types.of(key) + "; should be string");
        }
        Object found = m.get(s);
        if (found == null) {
            return Evaluation.holdsAnything(m) ? Evaluation.NIL : ((GoMap) m).type().equals(GoMap.STRINGS) ? "" : Slice.bytes(new byte[0]);
        }
        return found;
    }

    private static int at(Object key, int cap) {
        long n = switch (key) {
            case Int i -> i.longValue();
            case Long l -> l;
            case UInt u -> u.bits();
            case null -> throw new GoError("cannot index slice/array with nil");
            default -> throw new GoError("cannot index slice/array with type " + Types.of(key));
        };
        if (n < 0 || n > cap) {
            throw new GoError("index out of range: " + n);
        }
        return (int) n;
    }

    private static Object slice(Object[] a) {
        Object item = Evaluation.unboxed(a[0]);
        if (item == null) {
            throw new GoError("slice of untyped nil");
        }
        if (a.length > 4) {
            throw new GoError("too many slice indexes: " + (a.length - 1));
        }
        int size = switch (item) {
            case String s -> {
                if (a.length == 4) {
                    throw new GoError("cannot 3-index slice a string");
                }
                yield Text.length(s);
            }
            case List<?> l -> l.size();
            case Struct s -> throw new GoError("can't slice item of type " + Types.of(s));
            default -> throw new GoError("can't slice item of type " + Types.of(item));
        };
        int[] index = {0, size, size};
        for (int i = 1; i < a.length; i++) {
            index[i - 1] = at(Evaluation.unboxed(a[i]), size);
        }
        if (index[0] > index[1]) {
            throw new GoError("invalid slice index: " + index[0] + " > " + index[1]);
        }
        if (index[1] > index[2]) {
            throw new GoError("invalid slice index: " + index[1] + " > " + index[2]);
        }
        return switch (item) {
            case String s -> Text.cut(s, index[0], index[1]);
            case Slice s -> new Slice(s.element(), s.subList(index[0], index[1]));
            default -> new java.util.ArrayList<Object>(((List<?>) item).subList(index[0], index[1]));
        };
    }
}
