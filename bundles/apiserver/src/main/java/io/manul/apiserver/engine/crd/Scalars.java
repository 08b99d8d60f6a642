package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Json;
import java.math.BigDecimal;

/** Checks texts and numbers. Stateless. */
final class Scalars {

    private static final BigDecimal PLAIN = BigDecimal.TEN.pow(21);

    private Scalars() {
    }

    static void text(String value, Node node, String path, FieldErrors errors) {
        Rules rules = node.rules;
        if (rules.minLength != Rules.NO || rules.maxLength != Rules.NO) {
            long length = value.codePointCount(0, value.length());
            if (rules.maxLength != Rules.NO && length > rules.maxLength) {
                errors.tooLong(path, (int) Math.min(rules.maxLength, Integer.MAX_VALUE));
            }
            if (length < rules.minLength) {
                errors.invalid(path, value, path + " in body should be at least " + rules.minLength + " chars long");
            }
        }
        if (rules.pattern != null && !rules.pattern.find(value)) {
            errors.invalid(path, value, path + " in body should match '" + rules.pattern.text() + "'");
        }
        if (!rules.format.isEmpty() && !Formats.valid(rules.format, value)) {
            errors.type(path, value, path + " in body must be of type " + rules.format + ": " + Json.text(value));
        }
    }

    static void number(Number value, Node node, String path, FieldErrors errors) {
        Rules rules = node.rules;
        BigDecimal n = Rules.decimal(value);
        if (n == null) {
            return;
        }
        range(value, n, node, path, errors);
        if (rules.maximum != null && n.compareTo(rules.maximum) >= (rules.exclusiveMaximum ? 0 : 1)) {
            errors.invalid(path, value, path + " in body should be less than " + (rules.exclusiveMaximum ? "" : "or equal to ")
                    + show(rules.maximum));
        }
        if (rules.minimum != null && n.compareTo(rules.minimum) <= (rules.exclusiveMinimum ? 0 : -1)) {
            errors.invalid(path, value, path + " in body should be greater than " + (rules.exclusiveMinimum ? "" : "or equal to ")
                    + show(rules.minimum));
        }
        if (rules.multipleOf != null && rules.multipleOf.signum() > 0 && n.remainder(rules.multipleOf).signum() != 0) {
            errors.invalid(path, value, path + " in body should be a multiple of " + show(rules.multipleOf));
        }
    }

    private static void range(Number value, BigDecimal n, Node node, String path, FieldErrors errors) {
        if (!node.types.contains("integer")) {
            return;
        }
        BigDecimal least = BigDecimal.valueOf(node.rules.format.equals("int32") ? Integer.MIN_VALUE : Long.MIN_VALUE);
        BigDecimal most = BigDecimal.valueOf(node.rules.format.equals("int32") ? Integer.MAX_VALUE : Long.MAX_VALUE);
        if (n.compareTo(least) < 0 || n.compareTo(most) > 0) {
            String format = node.rules.format.isEmpty() ? " (default format)" : " with format " + node.rules.format;
            errors.invalid(path, value, "Checked value must be of type integer" + format + " in " + path);
        }
    }

    private static String show(BigDecimal n) {
        return n.abs().compareTo(PLAIN) < 0 ? n.stripTrailingZeros().toPlainString() : n.toString();
    }
}
