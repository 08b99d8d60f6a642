package io.manul.apiserver.engine.crd;

import io.manul.json.Json;
import io.manul.json.JsonException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of JSONPath that columns use (Kubernetes, "JSONPath Support"): {@code .a.b[0].c}, {@code ['a.b']},
 * {@code .a\.b}, {@code [*]}, {@code [?(@.type=="Ready")].status}. No slices, unions or recursive descent. Immutable.
 */
final class JsonPath {

    private static final int MOST = 1024;

    private sealed interface Step {
        record Field(String name) implements Step {
        }

        /** @param index counted from the end when negative */
        record Index(int index) implements Step {
        }

        record All() implements Step {
        }

        /** @param operator empty: the path must be there */
        record Filter(JsonPath path, String operator, Object value) implements Step {
        }
    }

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** @throws IllegalArgumentException saying what is wrong */
    static JsonPath parse(String text) {
        if (!text.startsWith(".") && !text.startsWith("[")) {
            throw new IllegalArgumentException("must be a simple json path starting with .");
        }
        if (text.length() > MOST) {
            throw new IllegalArgumentException("must be no longer than " + MOST + " characters");
        }
        return new Parser(text).path();
    }

    /** Empty when it is none. */
    static Optional<JsonPath> read(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The names, when there is nothing but {@code .a.b}. */
    Optional<List<String>> simple() {
        List<String> names = new ArrayList<>();
        for (Step step : steps) {
            if (!(step instanceof Step.Field f)) {
                return Optional.empty();
            }
            names.add(f.name);
        }
        return Optional.of(names);
    }

    /** What is there; nulls and missing parts are left out. */
    List<Object> find(Object root) {
        List<Object> at = new ArrayList<>();
        at.add(root);
        for (Step step : steps) {
            List<Object> next = new ArrayList<>();
            at.forEach(v -> step(v, step, next));
            at = next;
        }
        return at;
    }

    private static void step(Object value, Step step, List<Object> out) {
        switch (step) {
            case Step.Field f when value instanceof Map<?, ?> map -> add(map.get(f.name), out);
            case Step.Index i when value instanceof List<?> list -> {
                int at = i.index < 0 ? list.size() + i.index : i.index;
                if (at >= 0 && at < list.size()) {
                    add(list.get(at), out);
                }
            }
            case Step.All all when value instanceof List<?> list -> list.forEach(v -> add(v, out));
            case Step.All all when value instanceof Map<?, ?> map -> map.values().forEach(v -> add(v, out));
            case Step.Filter f when value instanceof List<?> list -> list.stream().filter(v -> holds(v, f)).forEach(v -> add(v, out));
            default -> { }
        }
    }

    private static void add(Object value, List<Object> out) {
        if (value != null) {
            out.add(value);
        }
    }

    private static boolean holds(Object item, Step.Filter f) {
        List<Object> found = f.path.find(item);
        if (f.operator.isEmpty() || found.isEmpty()) {
            return f.operator.isEmpty() && !found.isEmpty();
        }
        Object value = found.getFirst();
        if (f.operator.equals("==") || f.operator.equals("!=")) {
            return Values.same(value, f.value) == f.operator.equals("==");
        }
        BigDecimal a = Rules.decimal(value);
        BigDecimal b = Rules.decimal(f.value);
        if (a == null || b == null) {
            return false;
        }
        int order = a.compareTo(b);
        return switch (f.operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** Used once. */
    private static final class Parser {
        private final String in;
        private int at;

        Parser(String in) {
            this.in = in;
        }

        JsonPath path() {
            List<Step> steps = new ArrayList<>();
            while (at < in.length()) {
                steps.add(in.charAt(at) == '[' ? brackets() : field());
            }
            return new JsonPath(steps);
        }

        private IllegalArgumentException wrong(String why) {
            return new IllegalArgumentException(why + " at character " + (at + 1));
        }

        private Step field() {
            if (in.charAt(at) != '.') {
                throw wrong("expected . or [");
            }
            at++;
            StringBuilder name = new StringBuilder();
            while (at < in.length() && ".[ ".indexOf(in.charAt(at)) < 0) {
                if (in.charAt(at) == '\\' && at + 1 < in.length()) {
                    at++;
                }
                if ("(){}=!<>\"'".indexOf(in.charAt(at)) >= 0) {
                    throw wrong("unexpected " + in.charAt(at));
                }
                name.append(in.charAt(at++));
            }
            if (name.isEmpty()) {
                throw wrong("a field name is missing (recursive descent is not served)");
            }
            return name.toString().equals("*") ? new Step.All() : new Step.Field(name.toString());
        }

        private Step brackets() {
            int end = end();
            String inside = in.substring(at + 1, end).strip();
            Step step;
            if (inside.equals("*")) {
                step = new Step.All();
            } else if (inside.startsWith("?(") && inside.endsWith(")")) {
                step = filter(inside.substring(2, inside.length() - 1).strip());
            } else if (quoted(inside)) {
                step = new Step.Field(inside.substring(1, inside.length() - 1));
            } else if (inside.matches("-?[0-9]{1,9}")) {
                step = new Step.Index(Integer.parseInt(inside));
            } else {
                throw wrong("[" + inside + "] is not served: use [0], [*], ['name'] or [?(@.field==\"value\")]");
            }
            at = end + 1;
            return step;
        }

        /** The closing bracket, outside of quotes and inner brackets. */
        private int end() {
            char quote = 0;
            int depth = 0;
            for (int i = at; i < in.length(); i++) {
                char c = in.charAt(i);
                if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '"' || c == '\'') {
                    quote = c;
                } else if (c == '[') {
                    depth++;
                } else if (c == ']' && --depth == 0) {
                    return i;
                }
            }
            throw wrong("unterminated [");
        }

        private static boolean quoted(String text) {
            return text.length() > 1 && (text.charAt(0) == '\'' || text.charAt(0) == '"')
                    && text.charAt(text.length() - 1) == text.charAt(0);
        }

        private Step filter(String text) {
            if (!text.startsWith("@")) {
                throw wrong("a filter must begin with @");
            }
            for (int i = 1; i < text.length(); i++) {
                for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
                    if (text.startsWith(operator, i)) {
                        return new Step.Filter(inner(text.substring(1, i).strip()), operator, literal(text.substring(i + operator.length())));
                    }
                }
            }
            return new Step.Filter(inner(text.substring(1)), "", null);
        }

        private static JsonPath inner(String text) {
            return text.isEmpty() ? new JsonPath(List.of()) : parse(text);
        }

        private Object literal(String text) {
            String value = text.strip();
            if (quoted(value)) {
                return value.substring(1, value.length() - 1);
            }
            try {
                return Json.parse(value);
            } catch (JsonException e) {
                throw wrong("not a value: " + value);
            }
        }
    }
}
