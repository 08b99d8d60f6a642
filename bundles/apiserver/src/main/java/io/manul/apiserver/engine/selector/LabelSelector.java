package io.manul.apiserver.engine.selector;

import io.manul.apiserver.spi.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A label selector in its query form (Kubernetes, "Labels and Selectors"): {@code a=b,c!=d,e in (f,g),h notin (i),j,!k} and
 * the {@code <}, {@code >} comparisons of integers.
 */
public final class LabelSelector {

    /** Matches everything. */
    public static final LabelSelector ALL = new LabelSelector(List.of());

    private enum Op { IN, NOT_IN, EXISTS, ABSENT, LESS, GREATER }

    private record Requirement(String key, Op op, Set<String> values) {
        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (op) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case ABSENT -> value == null;
                case LESS -> compare(value) < 0;
                case GREATER -> value != null && compare(value) > 0 && compare(value) != Integer.MAX_VALUE;
            };
        }

        /** MAX_VALUE when the label is no integer: then neither comparison holds. */
        private int compare(String value) {
            try {
                return value == null ? Integer.MAX_VALUE
                        : Long.compare(Long.parseLong(value), Long.parseLong(values.iterator().next()));
            } catch (NumberFormatException e) {
                return Integer.MAX_VALUE;
            }
        }
    }

    private final List<Requirement> requirements;

    private LabelSelector(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    public boolean matches(Map<String, String> labels) {
        for (Requirement r : requirements) {
            if (!r.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public static LabelSelector parse(String text) throws ApiException {
        return text.isBlank() ? ALL : new Parser(text).parse();
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        LabelSelector parse() throws ApiException {
            List<Requirement> out = new ArrayList<>();
            for (;;) {
                out.add(requirement());
                skip();
                if (at == text.length()) {
                    return new LabelSelector(out);
                }
                expect(',');
            }
        }

        private Requirement requirement() throws ApiException {
            skip();
            if (peek() == '!') {
                at++;
                return new Requirement(key(), Op.ABSENT, Set.of());
            }
            String key = key();
            skip();
            switch (peek()) {
                case 0, ',' -> {
                    return new Requirement(key, Op.EXISTS, Set.of());
                }
                case '=' -> {
                    at++;
                    if (peek() == '=') {
                        at++;
                    }
                    return new Requirement(key, Op.IN, Set.of(value()));
                }
                case '!' -> {
                    at++;
                    expect('=');
                    return new Requirement(key, Op.NOT_IN, Set.of(value()));
                }
                case '<', '>' -> {
                    Op op = text.charAt(at++) == '<' ? Op.LESS : Op.GREATER;
                    return new Requirement(key, op, Set.of(integer(value())));
                }
                default -> {
                    return set(key);
                }
            }
        }

        private Requirement set(String key) throws ApiException {
            String word = word();
            Op op = switch (word) {
                case "in" -> Op.IN;
                case "notin" -> Op.NOT_IN;
                default -> throw bad("found '" + word + "', expected: in, notin, =, ==, !=, gt, lt");
            };
            skip();
            expect('(');
            Set<String> values = new TreeSet<>();
            for (;;) {
                values.add(value());
                skip();
                if (peek() == ')') {
                    at++;
                    return new Requirement(key, op, values);
                }
                expect(',');
            }
        }

        private String key() throws ApiException {
            skip();
            String key = word();
            if (key.isEmpty()) {
                throw bad("found '" + (at < text.length() ? text.substring(at, at + 1) : "") + "', expected: identifier");
            }
            if (!Labels.isKey(key)) {
                throw bad("\"" + key + "\" is not a valid label key");
            }
            return key;
        }

        private String value() throws ApiException {
            skip();
            String value = word();
            if (!Labels.isValue(value)) {
                throw bad("\"" + value + "\" is not a valid label value");
            }
            return value;
        }

        private String integer(String value) throws ApiException {
            try {
                Long.parseLong(value);
                return value;
            } catch (NumberFormatException e) {
                throw bad("\"" + value + "\" is not an integer, as < and > compare");
            }
        }

        private String word() {
            int from = at;
            while (at < text.length() && "=!<>(), \t".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(from, at);
        }

        private void skip() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : 0;
        }

        private void expect(char c) throws ApiException {
            if (peek() != c) {
                throw bad("found '" + (at < text.length() ? text.substring(at) : "") + "', expected: '" + c + "'");
            }
            at++;
        }

        private ApiException bad(String why) {
            return ApiException.badRequest("unable to parse requirement: " + why);
        }
    }
}
