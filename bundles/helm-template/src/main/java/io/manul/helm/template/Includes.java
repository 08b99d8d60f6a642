package io.manul.helm.template;

import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.lang.ExecError;
import io.manul.helm.template.lang.ParseError;
import io.manul.helm.template.lang.Templates;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** {@code include} and {@code tpl}: templates called as functions. */
final class Includes {

    private static final int MOST_DEPTH = 1000;

    private final Map<String, Integer> depth = new HashMap<>();
    Templates root;
    /** The template whose execution is asked for from outside: Go names the set after it. */
    private static final String SET = "gotpl";

    Map<String, Func> functions(Supplier<Templates> templates) {
        return Map.of("include", Func.of("include", "string,any", a -> include(templates.get(), (String) a[0], a[1])),
                "tpl", Func.of("tpl", "string,any", a -> tpl(templates.get(), (String) a[0], a[1])));
    }

    private String include(Templates templates, String name, Object data) {
        int n = depth.getOrDefault(name, 0);
        if (n > MOST_DEPTH) {
            throw new GoError("rendering template has a nested reference name: " + name + ": unable to execute template");
        }
        depth.put(name, n + 1);
        try {
            return templates.execute(SET, name, data);
        } finally {
            depth.merge(name, -1, Integer::sum);
        }
    }

    private String tpl(Templates templates, String text, Object data) {
        Templates[] own = new Templates[1];
        own[0] = templates.copy(functions(() -> own[0]));
        try {
            own[0].parse(SET, text);
        } catch (ParseError e) {
            throw new GoError("cannot parse template " + Text.quote(text) + ": " + e.getMessage());
        }
        try {
            return own[0].execute(SET, SET, data).replace("<no value>", "");
        } catch (ExecError | GoError e) {
            throw new GoError("error during tpl function execution for " + Text.quote(text) + ": " + e.getMessage());
        }
    }
}
