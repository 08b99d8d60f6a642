package io.manul.apiserver.engine.validation;

import io.manul.json.Json;
import io.manul.schema.Shape;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Values without parts: is it one, and in which one form is it kept. */
final class Scalars {

    /** Kubernetes API reference, Quantity: signedNumber with a binary or decimal suffix, or an exponent. */
    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'");
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

    private Scalars() {
    }

    /** The value in its one form; what is wrong is added and the value left. */
    static Object normal(Object value, Shape.Scalar shape, String path, List<String> wrong) {
        boolean good = switch (shape) {
            case STRING -> value instanceof String;
            case BYTES -> value instanceof String s && base64(s);
            case INT32 -> value instanceof Long n && n == n.intValue();
            case INT64 -> value instanceof Long;
            case DOUBLE -> value instanceof Number;
            case BOOLEAN -> value instanceof Boolean;
            case INT_OR_STRING -> value instanceof String || value instanceof Long n && n == n.intValue();
            case QUANTITY -> value instanceof String s ? QUANTITY.matcher(s.strip()).matches() : value instanceof Number;
            case TIME, MICRO_TIME -> value instanceof String s && time(s) != null;
            case OBJECT -> value instanceof Map;
            case ANY -> true;
        };
        if (!good) {
            wrong.add(expected(path, name(shape), value));
            return value;
        }
        return switch (shape) {
            case QUANTITY -> value instanceof String s ? s.strip() : number((Number) value);
            case TIME -> SECONDS.format(time((String) value).truncatedTo(ChronoUnit.SECONDS));
            case MICRO_TIME -> MICROS.format(time((String) value).truncatedTo(ChronoUnit.MICROS));
            default -> value;
        };
    }

    static String expected(String path, String expected, Object value) {
        String shown = Json.text(value);
        return path + ": expected " + expected + ", got " + (shown.length() > 80 ? shown.substring(0, 80) + "..." : shown);
    }

    private static String name(Shape.Scalar shape) {
        return switch (shape) {
            case STRING -> "a string";
            case BYTES -> "base64 text";
            case INT32 -> "an integer of 32 bits";
            case INT64 -> "an integer of 64 bits";
            case DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case INT_OR_STRING -> "an integer of 32 bits or a string";
            case QUANTITY -> "a quantity such as 500m or 1Gi";
            case TIME, MICRO_TIME -> "a time such as 2026-01-31T12:00:00Z";
            case OBJECT -> "an object";
            case ANY -> "a value";
        };
    }

    private static String number(Number n) {
        return switch (n) {
            case Long l -> Long.toString(l);
            case BigInteger i -> i.toString();
            default -> new BigDecimal(n.toString()).stripTrailingZeros().toPlainString();
        };
    }

    private static boolean base64(String text) {
        try {
            return Base64.getDecoder().decode(text.replace("\n", "").replace("\r", "")) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static OffsetDateTime time(String text) {
        try {
            return OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** What a required number or boolean is when it is missing; null for other shapes. */
    static Object zero(Shape shape) {
        return switch (shape) {
            case Shape.Scalar.INT32, Shape.Scalar.INT64 -> 0L;
            case Shape.Scalar.BOOLEAN -> false;
            default -> null;
        };
    }
}
