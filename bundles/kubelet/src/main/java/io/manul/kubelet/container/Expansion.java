package io.manul.kubelet.container;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code $(VAR)} in command, args and env (API reference, Container.command): a name that is not known stays as it stands,
 * {@code $$} is one {@code $} and never begins a reference.
 */
public final class Expansion {

    private Expansion() {
    }

    public static String expand(String text, Map<String, String> variables) {
        return expand(text, variables, new TreeSet<>());
    }

    /** A {@code subPathExpr}: here every variable must have a value (API reference, VolumeMount.subPathExpr). */
    public static String expandAll(String text, Map<String, String> variables) throws ConfigException {
        Set<String> missing = new TreeSet<>();
        String expanded = expand(text, variables, missing);
        if (!missing.isEmpty()) {
            throw new ConfigException("missing value for " + String.join(", ", missing));
        }
        return expanded;
    }

    private static String expand(String text, Map<String, String> variables, Set<String> missing) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 32);
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$' || i + 1 == text.length()) {
                out.append(c);
                i++;
                continue;
            }
            char next = text.charAt(i + 1);
            int end = next == '(' ? text.indexOf(')', i + 2) : -1;
            if (next == '$') {
                out.append('$');
                i += 2;
            } else if (end < 0) {
                out.append('$').append(next);
                i += 2;
            } else {
                String name = text.substring(i + 2, end);
                String value = variables.get(name);
                if (value == null || value.isEmpty()) {
                    missing.add(name);
                }
                out.append(value == null ? "$(" + name + ")" : value);
                i = end + 1;
            }
        }
        return out.toString();
    }
}
