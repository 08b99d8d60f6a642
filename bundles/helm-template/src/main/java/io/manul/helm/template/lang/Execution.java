package io.manul.helm.template.lang;

import io.manul.helm.template.go.Fmt;
import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Int;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Types;
import io.manul.helm.template.go.UInt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Executes one template. Values are plain Java values ({@link Types}); three more states are told apart, because Go's messages do:
 * {@code null} is no value at all, {@link Evaluation#NIL} a nil interface (a missing key), {@link Evaluation.Boxed} a value seen
 * through an interface (an element that is ranged over). One thread's.
 */
final class Execution {

    private static final int MOST_DEPTH = 100_000;

    /** How a list of nodes ended. */
    private enum End { NORMAL, BREAK, CONTINUE }

    final Templates templates;
    private final StringBuilder out;
    private final Evaluation evaluation;
    String name;
    Node node;
    List<String> names = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    private int depth;

    Execution(Templates templates, String name, StringBuilder out, Object data) {
        this.templates = templates;
        this.name = name;
        this.out = out;
        this.evaluation = new Evaluation(this);
        push("$", data);
    }

    void run(Node.Block root) {
        walk(values.getFirst(), root);
    }

    // ---- variables

    void push(String variable, Object value) {
        names.add(variable);
        values.add(value);
    }

    private void pop(int mark) {
        names.subList(mark, names.size()).clear();
        values.subList(mark, values.size()).clear();
    }

    void set(String variable, Object value) {
        values.set(find(variable), value);
    }

    Object get(String variable) {
        return values.get(find(variable));
    }

    private int find(String variable) {
        int i = names.lastIndexOf(variable);
        if (i < 0) {
            throw error("undefined variable: " + variable);
        }
        return i;
    }

    ExecError error(String message) {
        if (node == null) {
            return new ExecError("template: " + name + ": " + message);
        }
        return new ExecError("template: " + node.source().location(node.pos()) + ": executing " + Text.quote(name) + " at <" + node.shown()
                + ">: " + message);
    }

    // ---- walking

    private End walk(Object dot, Node n) {
        node = n;
        templates.limits().step();
        switch (n) {
            case Node.Words w -> write(w.text());
            case Node.Action a -> {
                Object value = evaluation.pipeline(dot, a.pipe());
                if (a.pipe().declared.isEmpty()) {
                    print(a, value);
                }
            }
            case Node.Branch b when b.word().equals("range") -> {
                return range(dot, b);
            }
            case Node.Branch b -> {
                return branch(dot, b);
            }
            case Node.Block b -> {
                for (Node inner : b.nodes()) {
                    End end = walk(dot, inner);
                    if (end != End.NORMAL) {
                        return end;
                    }
                }
            }
            case Node.Call c -> call(dot, c);
            case Node.Jump j -> {
                return j.isBreak() ? End.BREAK : End.CONTINUE;
            }
            default -> throw error("unknown node: " + n.shown());
        }
        return End.NORMAL;
    }

    private void write(String text) {
        templates.limits().wrote(text.length());
        out.append(text);
    }

    private void print(Node n, Object value) {
        node = n;
        Object v = Evaluation.unboxed(value);
        if (v instanceof Func f) {
            throw error("can't print " + n.shown() + " of type " + Types.of(f));
        }
        write(v == null ? "<no value>" : Fmt.v(v));
    }

    private End branch(Object dot, Node.Branch b) {
        int mark = names.size();
        Object value = evaluation.pipeline(dot, b.pipe());
        End end = End.NORMAL;
        if (Types.truth(Evaluation.unboxed(value))) {
            end = walk(b.word().equals("with") ? value : dot, b.list());
        } else if (b.otherwise() != null) {
            end = walk(dot, b.otherwise());
        }
        pop(mark);
        return end;
    }

    private void call(Object dot, Node.Call c) {
        Node.Block tree = templates.tree(c.name());
        if (tree == null) {
            throw error("template " + Text.quote(c.name()) + " not defined");
        }
        if (depth == MOST_DEPTH) {
            throw error("exceeded maximum template depth (" + MOST_DEPTH + ")");
        }
        Object data = c.pipe() == null ? null : evaluation.pipeline(dot, c.pipe());
        String outerName = name;
        List<String> outerNames = names;
        List<Object> outerValues = values;
        name = c.name();
        names = new ArrayList<>();
        values = new ArrayList<>();
        depth++;
        push("$", data);
        walk(data, tree);
        depth--;
        name = outerName;
        names = outerNames;
        values = outerValues;
    }

    // ---- range

    private End range(Object dot, Node.Branch r) {
        int outer = names.size();
        Object value = Evaluation.unboxed(evaluation.pipeline(dot, r.pipe()));
        int mark = names.size();
        boolean ran = switch (value) {
            case null -> false;
            case List<?> l -> list(r, mark, l);
            case Map<?, ?> m -> map(r, mark, m);
            case Int i -> count(r, mark, i.longValue(), value);
            case Long l -> count(r, mark, l, value);
            case UInt u -> count(r, mark, u.bits(), value);
            default -> throw error("range can't iterate over " + Fmt.v(value));
        };
        End end = End.NORMAL;
        if (!ran && r.otherwise() != null) {
            end = walk(dot, r.otherwise());
        }
        pop(outer);
        // a break in the else part is one of a range around this one; Go's recover takes it here
        return end == End.BREAK ? End.NORMAL : end;
    }

    private boolean list(Node.Branch r, int mark, List<?> l) {
        boolean boxed = !(l instanceof Slice);
        for (int i = 0; i < l.size(); i++) {
            if (!once(r, mark, Int.of(i), boxed ? Evaluation.boxed(l.get(i)) : l.get(i))) {
                break;
            }
        }
        return !l.isEmpty();
    }

    private boolean map(Node.Branch r, int mark, Map<?, ?> m) {
        boolean boxed = Evaluation.holdsAnything(m);
        // Go takes keys and values before the first round
        List<Map.Entry<String, Object>> entries = new ArrayList<>(m.size());
        GoMap.sorted(m).forEach((k, v) -> entries.add(new java.util.AbstractMap.SimpleEntry<>(k, v)));
        for (Map.Entry<String, Object> e : entries) {
            if (!once(r, mark, e.getKey(), boxed ? Evaluation.boxed(e.getValue()) : e.getValue())) {
                break;
            }
        }
        return !entries.isEmpty();
    }

    private boolean count(Node.Branch r, int mark, long n, Object like) {
        if (r.pipe().declared.size() > 1) {
            throw error("can't use " + Fmt.v(like) + " to iterate over more than one variable");
        }
        for (long i = 0; i < n; i++) {
            Object element = switch (like) {
                case Long l -> i;
                case UInt u -> new UInt(u.type(), i);
                default -> Int.of(i);
            };
            if (!once(r, mark, null, element)) {
                break;
            }
        }
        return n > 0;
    }

    /** One round; false after a break. */
    private boolean once(Node.Branch r, int mark, Object index, Object element) {
        List<Node.Variable> declared = r.pipe().declared;
        if (declared.size() == 1) {
            assign(r, declared.getFirst(), 1, element);
        } else if (declared.size() == 2) {
            assign(r, declared.getFirst(), 2, index);
            assign(r, declared.getLast(), 1, element);
        }
        End end = walk(element, r.list());
        pop(mark);
        return end != End.BREAK;
    }

    private void assign(Node.Branch r, Node.Variable v, int fromTop, Object value) {
        if (r.pipe().assigns) {
            set(v.path().getFirst(), value);
        } else {
            values.set(values.size() - fromTop, value);
        }
    }
}
