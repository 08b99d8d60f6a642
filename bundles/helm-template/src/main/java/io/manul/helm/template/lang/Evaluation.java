package io.manul.helm.template.lang;

import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Int;
import io.manul.helm.template.go.Struct;
import io.manul.helm.template.go.Types;
import io.manul.helm.template.go.UInt;
import java.util.List;
import java.util.Map;

/** Evaluates pipelines, commands and their operands. */
final class Evaluation {

    /** A nil interface: the value of a missing key. */
    static final Object NIL = new Object() {
        @Override
        public String toString() {
            return "<nil>";
        }
    };
    /** There is no value from the stage before. */
    static final Object MISSING = new Object();

    /** A value seen through an interface. */
    record Boxed(Object value) {
    }

    private final Execution x;
    private final Calls calls;

    Evaluation(Execution x) {
        this.x = x;
        this.calls = new Calls(x, this);
    }

    static Object boxed(Object value) {
        return value == null ? NIL : new Boxed(value);
    }

    static Object unboxed(Object value) {
        return value instanceof Boxed b ? b.value : value == NIL ? null : value;
    }

    /** Whether the map's elements are interfaces. */
    static boolean holdsAnything(Map<?, ?> m) {
        return !(m instanceof GoMap g) || g.type().equals(GoMap.PLAIN) || g.type().equals(GoMap.VALUES);
    }

    Object pipeline(Object dot, Node.Pipe pipe) {
        x.node = pipe;
        Object value = MISSING;
        for (Node.Command c : pipe.commands) {
            value = unboxed(command(dot, c, value));
        }
        for (Node.Variable v : pipe.declared) {
            if (pipe.assigns) {
                x.set(v.path().getFirst(), value);
            } else {
                x.push(v.path().getFirst(), value);
            }
        }
        return value;
    }

    private void notAFunction(List<Node> args, Object last) {
        if (args != null && args.size() > 1 || last != MISSING) {
            throw x.error("can't give argument to non-function " + args.getFirst().shown());
        }
    }

    private Object command(Object dot, Node.Command c, Object last) {
        Node first = c.args().getFirst();
        switch (first) {
            case Node.Field f -> {
                return field(dot, f, c.args(), last);
            }
            case Node.Chain n -> {
                return chain(dot, n, c.args(), last);
            }
            case Node.Identifier i -> {
                return calls.function(dot, i, c, c.args(), last);
            }
            case Node.Pipe p -> {
                notAFunction(c.args(), last);
                return pipeline(dot, p);
            }
            case Node.Variable v -> {
                return variable(dot, v, c.args(), last);
            }
            default -> {
            }
        }
        x.node = first;
        notAFunction(c.args(), last);
        return switch (first) {
            case Node.Bool b -> b.value();
            case Node.Dot d -> dot;
            case Node.Nil n -> throw x.error("nil is not a command");
            case Node.Num n -> constant(n);
            case Node.Str s -> s.value();
            default -> throw x.error("can't evaluate command " + io.manul.helm.template.go.Text.quote(first.shown()));
        };
    }

    private Object constant(Node.Num n) {
        x.node = n;
        if (n.complex() != null) {
            return n.complex();
        }
        String t = n.text();
        boolean hex = t.length() > 2 && (t.startsWith("0x") || t.startsWith("0X")) && !t.matches(".*[pP].*");
        if (n.floating() != null && !hex && !t.startsWith("'") && t.matches(".*[.eEpP].*")) {
            return n.floating();
        }
        if (n.whole() != null) {
            return Int.of(n.whole());
        }
        throw x.error(t + " overflows int");
    }

    private Object field(Object dot, Node.Field f, List<Node> args, Object last) {
        x.node = f;
        return fields(dot, dot, f, f.path(), 0, args, last);
    }

    private Object chain(Object dot, Node.Chain c, List<Node> args, Object last) {
        x.node = c;
        if (c.node() instanceof Node.Nil) {
            throw x.error("indirection through explicit nil in " + c.shown());
        }
        Object receiver = argument(dot, null, c.node());
        return fields(dot, receiver, c, c.fields(), 0, args, last);
    }

    private Object variable(Object dot, Node.Variable v, List<Node> args, Object last) {
        x.node = v;
        Object value = x.get(v.path().getFirst());
        if (v.path().size() == 1) {
            notAFunction(args, last);
            return value;
        }
        return fields(dot, value, v, v.path(), 1, args, last);
    }

    private Object fields(Object dot, Object receiver, Node n, List<String> path, int from, List<Node> args, Object last) {
        Object value = receiver;
        for (int i = from; i < path.size() - 1; i++) {
            value = one(dot, path.get(i), n, null, MISSING, value);
        }
        return one(dot, path.getLast(), n, args, last, value);
    }

    private Object one(Object dot, String name, Node n, List<Node> args, Object last, Object receiver) {
        if (receiver == null) {
            return null;
        }
        if (receiver == NIL) {
            throw x.error("nil pointer evaluating interface {}." + name);
        }
        String type = receiver instanceof Boxed ? Func.ANY : null;
        Object value = unboxed(receiver);
        Func method = method(value, name);
        if (method != null) {
            return calls.call(dot, method, n, name, args, last);
        }
        boolean given = args != null && args.size() > 1 || last != MISSING;
        switch (value) {
            case Map<?, ?> m -> {
                if (given) {
                    throw x.error(name + " is not a method but has arguments");
                }
                Object found = m.get(name);
                if (holdsAnything(m)) {
                    return boxed(found);
                }
                return found != null ? found : zero((GoMap) m);
            }
            case Struct s -> {
                Map<String, Object> fields = s.fields();
                if (fields.containsKey(name)) {
                    if (given) {
                        throw x.error(name + " has arguments but cannot be invoked as function");
                    }
                    return fields.get(name);
                }
            }
            case null, default -> {
            }
        }
        throw x.error("can't evaluate field " + name + " in type " + (type == null ? Types.of(value) : type));
    }

    private static Object zero(GoMap m) {
        return m.type().equals(GoMap.STRINGS) ? "" : io.manul.helm.template.go.Slice.bytes(new byte[0]);
    }

    private static Func method(Object value, String name) {
        return switch (value) {
            case Struct s -> s.method(name);
            case GoMap m -> m.method(name);
            case io.manul.helm.template.go.Slice l -> l.method(name);
            case null, default -> null;
        };
    }

    /** @param type the parameter's, or null where anything goes */
    Object argument(Object dot, String type, Node n) {
        x.node = n;
        switch (n) {
            case Node.Dot d -> {
                return valid(dot, type);
            }
            case Node.Nil nil -> {
                if (type == null || nilable(type)) {
                    return null;
                }
                throw x.error("cannot assign nil to " + type);
            }
            case Node.Field f -> {
                return valid(field(dot, f, List.of(n), MISSING), type);
            }
            case Node.Variable v -> {
                return valid(variable(dot, v, null, MISSING), type);
            }
            case Node.Pipe p -> {
                return valid(pipeline(dot, p), type);
            }
            case Node.Identifier i -> {
                return valid(calls.function(dot, i, i, null, MISSING), type);
            }
            case Node.Chain c -> {
                return valid(chain(dot, c, null, MISSING), type);
            }
            default -> {
                return literal(type, n);
            }
        }
    }

    private Object literal(String type, Node n) {
        x.node = n;
        return switch (type) {
            case "bool" -> {
                if (n instanceof Node.Bool b) {
                    yield b.value();
                }
                throw x.error("expected bool; found " + n.shown());
            }
            case "string" -> {
                if (n instanceof Node.Str s) {
                    yield s.value();
                }
                throw x.error("expected string; found " + n.shown());
            }
            case "int", "int64" -> {
                if (n instanceof Node.Num c && c.whole() != null) {
                    yield type.equals("int") ? Int.of(c.whole()) : c.whole();
                }
                throw x.error("expected integer; found " + n.shown());
            }
            case "uint32" -> {
                if (n instanceof Node.Num c && c.unsigned() != null) {
                    yield new UInt("uint32", c.unsigned() & 0xffffffffL);
                }
                throw x.error("expected unsigned integer; found " + n.shown());
            }
            case "float64" -> {
                if (n instanceof Node.Num c && c.floating() != null) {
                    yield c.floating();
                }
                throw x.error("expected float; found " + n.shown());
            }
            case Func.ANY, Func.VALUE -> anything(n);
            case null, default -> throw x.error("can't handle " + n.shown() + " for arg of type " + type);
        };
    }

    private Object anything(Node n) {
        return switch (n) {
            case Node.Bool b -> b.value();
            case Node.Num c -> constant(c);
            case Node.Str s -> s.value();
            default -> throw x.error("can't handle assignment of " + n.shown() + " to empty interface argument");
        };
    }

    private static boolean nilable(String type) {
        return type.equals(Func.ANY) || type.equals(Func.VALUE) || type.startsWith("map[") || type.startsWith("[]") || type.startsWith("*");
    }

    /** The value as the type wants it: never boxed, null for nil. A reflect.Value parameter keeps a nil interface apart. */
    Object valid(Object value, String type) {
        if (type == null) {
            return value;
        }
        if (value == null) {
            if (nilable(type)) {
                return null;
            }
            throw x.error("invalid value; expected " + type);
        }
        if (type.equals(Func.VALUE)) {
            return value instanceof Boxed b ? b.value : value;
        }
        if (value == NIL) {
            if (type.equals(Func.ANY)) {
                return null;
            }
            throw x.error("wrong type for value; expected " + type + "; got interface {}");
        }
        Object inner = unboxed(value);
        if (!Types.assignable(inner, type)) {
            throw x.error("wrong type for value; expected " + type + "; got " + Types.of(inner));
        }
        return inner;
    }

}
