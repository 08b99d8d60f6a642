package io.manul.apiserver.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A field selector in its query form (Kubernetes, "Field Selectors"): {@code a.b=c,d!=e}, backslash escapes. */
public final class FieldSelector {

    public static final FieldSelector ALL = new FieldSelector(List.of());

    /** @param equal false for != */
    public record Term(String field, boolean equal, String value) {
    }

    private final List<Term> terms;

    private FieldSelector(List<Term> terms) {
        this.terms = terms;
    }

    public static FieldSelector of(List<Term> terms) {
        return new FieldSelector(List.copyOf(terms));
    }

    public List<Term> terms() {
        return terms;
    }

    public boolean isEmpty() {
        return terms.isEmpty();
    }

    /** The value that a field must have, when there is only one. */
    public Optional<String> required(String field) {
        return terms.stream().filter(t -> t.equal && t.field.equals(field)).map(Term::value).findFirst();
    }

    /** @param values the object's value by field; null counts as empty */
    public boolean matches(UnaryOperator<String> values) {
        for (Term t : terms) {
            String value = values.apply(t.field);
            if ((value == null ? "" : value).equals(t.value) != t.equal) {
                return false;
            }
        }
        return true;
    }

    public static FieldSelector parse(String text) throws ApiException {
        if (text.isBlank()) {
            return ALL;
        }
        List<Term> out = new ArrayList<>();
        for (String term : split(text)) {
            if (!term.isEmpty()) {
                out.add(term(term, text));
            }
        }
        return new FieldSelector(out);
    }

    private static Term term(String term, String text) throws ApiException {
        for (int i = 0; i < term.length(); i++) {
            String rest = term.substring(i);
            if (rest.charAt(0) == '\\') {
                i++;
            } else if (rest.startsWith("!=")) {
                return new Term(term.substring(0, i).strip(), false, unescape(rest.substring(2)));
            } else if (rest.startsWith("==")) {
                return new Term(term.substring(0, i).strip(), true, unescape(rest.substring(2)));
            } else if (rest.charAt(0) == '=') {
                return new Term(term.substring(0, i).strip(), true, unescape(rest.substring(1)));
            }
        }
        throw ApiException.badRequest("invalid selector: '" + text + "'; can't understand '" + term + "'");
    }

    private static List<String> split(String text) {
        List<String> out = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                out.add(text.substring(from, i));
                from = i + 1;
            }
        }
        out.add(text.substring(from));
        return out;
    }

    private static String unescape(String value) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '\\' && i + 1 < value.length()) {
                i++;
            }
            out.append(value.charAt(i));
        }
        return out.toString();
    }
}
