package io.manul.helm.template.lang;

import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Types;
import java.util.List;

/** Calls functions and methods: counts and checks arguments, turns failures into errors with a place. */
final class Calls {

    private final Execution x;
    private final Evaluation evaluation;

    Calls(Execution x, Evaluation evaluation) {
        this.x = x;
        this.evaluation = evaluation;
    }

    Object function(Object dot, Node.Identifier i, Node at, List<Node> args, Object last) {
        x.node = i;
        Func f = x.templates.function(i.name());
        if (f == null) {
            throw x.error(Text.quote(i.name()) + " is not a defined function");
        }
        return call(dot, f, at, i.name(), args, last);
    }

    /** @param all the command's words; the first is the function itself */
    Object call(Object dot, Func f, Node at, String name, List<Node> all, Object last) {
        List<Node> args = all == null ? List.of() : all.subList(1, all.size());
        int given = args.size() + (last == Evaluation.MISSING ? 0 : 1);
        int declared = f.parameters().size();
        int fixed = f.variadic() ? declared - 1 : declared;
        if (f.variadic() && given < fixed) {
            throw x.error("wrong number of args for " + name + ": want at least " + fixed + " got " + args.size());
        }
        if (!f.variadic() && given != declared) {
            throw x.error("wrong number of args for " + name + ": want " + declared + " got " + given);
        }
        if (f.builtin() && (name.equals("and") || name.equals("or"))) {
            return shortCircuit(dot, name.equals("or"), args, last);
        }
        Object[] argv = new Object[given];
        for (int i = 0; i < args.size(); i++) {
            argv[i] = evaluation.argument(dot, type(f, i), args.get(i));
        }
        if (last != Evaluation.MISSING) {
            argv[given - 1] = evaluation.valid(last, type(f, given - 1));
        }
        if (f.builtin() && name.equals("call")) {
            return indirect(at, args.isEmpty() ? "" : args.getFirst().shown(), argv);
        }
        return body(f, at, name, argv);
    }

    private static String type(Func f, int i) {
        return f.parameters().get(Math.min(i, f.parameters().size() - 1));
    }

    private Object shortCircuit(Object dot, boolean or, List<Node> args, Object last) {
        Object v = null;
        for (Node arg : args) {
            v = evaluation.argument(dot, Func.VALUE, arg);
            if (Types.truth(Evaluation.unboxed(v)) == or) {
                return v;
            }
        }
        return last == Evaluation.MISSING ? v : evaluation.valid(last, Func.VALUE);
    }

    private Object indirect(Node at, String name, Object[] argv) {
        Object callee = Evaluation.unboxed(argv[0]);
        x.node = at;
        if (callee == null) {
            throw x.error("error calling call: call of nil");
        }
        if (!(callee instanceof Func f)) {
            throw x.error("error calling call: non-function " + name + " of type " + Types.of(callee));
        }
        Object[] args = java.util.Arrays.copyOfRange(argv, 1, argv.length);
        int fixed = f.parameters().size() - (f.variadic() ? 1 : 0);
        if (f.variadic() ? args.length < fixed : args.length != fixed) {
            throw x.error("error calling call: wrong number of args for " + name + ": got " + args.length + " want "
                    + (f.variadic() ? "at least " : "") + fixed);
        }
        return body(f, at, "call", args);
    }

    private Object body(Func f, Node at, String name, Object[] argv) {
        try {
            return f.body().call(argv);
        } catch (GoError | ExecError | ParseError e) {
            x.node = at;
            throw x.error("error calling " + name + ": " + e.getMessage());
        }
    }
}
