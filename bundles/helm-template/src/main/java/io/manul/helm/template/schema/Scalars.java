package io.manul.helm.template.schema;

import io.manul.helm.template.go.Floats;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What a schema says of text and numbers. */
final class Scalars {

    private Scalars() {
    }

    static void text(Map<String, Object> s, String text, String path, List<Failure> all) {
        int n = text.codePointCount(0, text.length());
        least(s, "minLength", n, path, all);
        most(s, "maxLength", n, path, all);
        if (s.get("pattern") instanceof String p && !matches(p, text)) {
            all.add(Failure.of(path, Quote.single(text) + " does not match pattern " + Quote.single(p)));
        }
    }

    static boolean matches(String pattern, String text) {
        try {
            return Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw new io.manul.helm.template.go.GoError("schema has pattern " + Quote.single(pattern) + ", which is none: " + e.getDescription() + "\n");
        }
    }

    static void least(Map<String, Object> s, String word, int got, String path, List<Failure> all) {
        if (s.get(word) instanceof Number n && got < n.doubleValue()) {
            all.add(Failure.of(path, word + ": got " + got + ", want " + n.longValue()));
        }
    }

    static void most(Map<String, Object> s, String word, int got, String path, List<Failure> all) {
        if (s.get(word) instanceof Number n && got > n.doubleValue()) {
            all.add(Failure.of(path, word + ": got " + got + ", want " + n.longValue()));
        }
    }

    static void number(Map<String, Object> s, double d, String path, List<Failure> all) {
        bound(s, "minimum", d, path, all, d < limit(s, "minimum"));
        bound(s, "maximum", d, path, all, d > limit(s, "maximum"));
        bound(s, "exclusiveMinimum", d, path, all, d <= limit(s, "exclusiveMinimum"));
        bound(s, "exclusiveMaximum", d, path, all, d >= limit(s, "exclusiveMaximum"));
        if (s.get("multipleOf") instanceof Number n && n.doubleValue() > 0
                && new BigDecimal(Double.toString(d)).remainder(new BigDecimal(Double.toString(n.doubleValue()))).signum() != 0) {
            bound(s, "multipleOf", d, path, all, true);
        }
    }

    private static double limit(Map<String, Object> s, String word) {
        return s.get(word) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    private static void bound(Map<String, Object> s, String word, double got, String path, List<Failure> all, boolean broken) {
        if (broken) {
            all.add(Failure.of(path, word + ": got " + Floats.format(got, 'g', -1) + ", want " + Floats.format(limit(s, word), 'g', -1)));
        }
    }
}
