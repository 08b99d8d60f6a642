package io.manul.helm.template.lang;

import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import java.util.HashMap;
import java.util.Map;

/** A set of templates that know each other by name, and the functions they may call. */
public final class Templates {

    private final Map<String, Node.Block> trees;
    private final Map<String, Func> functions;
    private final Limits limits;

    public Templates(Map<String, Func> functions, Limits limits) {
        this(new HashMap<>(), functions, limits);
    }

    private Templates(Map<String, Node.Block> trees, Map<String, Func> functions, Limits limits) {
        this.trees = trees;
        this.functions = functions;
        this.limits = limits;
    }

    /** The same templates and other functions on top; what is added to the copy stays in it. */
    public Templates copy(Map<String, Func> more) {
        Map<String, Func> all = new HashMap<>(functions);
        all.putAll(more);
        return new Templates(new HashMap<>(trees), all, limits);
    }

    /** Adds the text under the name, and what it defines; a later definition replaces an earlier one unless it is empty. */
    public void parse(String name, String text) {
        Map<String, Node.Block> parsed = new Parser(name, text, n -> functions.containsKey(n) || Builtins.FUNCTIONS.containsKey(n)).parse();
        parsed.forEach((n, tree) -> {
            Node.Block old = trees.get(n);
            if (old == null || !Parser.empty(tree)) {
                trees.put(n, tree);
            }
        });
    }

    /**
     * @throws ExecError when the execution fails
     * @throws GoError when there is no such template
     */
    public String execute(String name, Object data) {
        return execute(name, name, data);
    }

    /** @param asked the template on whose behalf it is looked up, for the message */
    public String execute(String asked, String name, Object data) {
        Node.Block root = trees.get(name);
        if (root == null) {
            throw new GoError("template: no template " + Text.quote(name) + " associated with template " + Text.quote(asked));
        }
        StringBuilder out = new StringBuilder();
        new Execution(this, name, out, data).run(root);
        return out.toString();
    }

    Node.Block tree(String name) {
        return trees.get(name);
    }

    Func function(String name) {
        Func f = functions.get(name);
        return f != null ? f : Builtins.FUNCTIONS.get(name);
    }

    Limits limits() {
        return limits;
    }
}
