package io.manul.apiserver.spi;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Collects validation errors with upstream's texts (apimachinery's field errors): {@code path: Invalid value: "x": why}.
 * Paths: {@code spec.containers[0].name}, {@code metadata.labels[key]}.
 */
public final class FieldErrors {

    /** At most this many are kept; more help nobody. */
    private static final int MOST = 100;

    private record One(String reason, String field, String body) {
    }

    private final LinkedHashSet<One> all = new LinkedHashSet<>();

    public boolean isEmpty() {
        return all.isEmpty();
    }

    public FieldErrors required(String path, String why) {
        return add("FieldValueRequired", path, "Required value" + tail(why));
    }

    public FieldErrors invalid(String path, Object value, String why) {
        return add("FieldValueInvalid", path, "Invalid value: " + show(value) + tail(why));
    }

    /** The value is of the wrong JSON type. */
    public FieldErrors type(String path, Object value, String why) {
        return add("FieldValueTypeInvalid", path, "Invalid value: " + show(value) + tail(why));
    }

    public FieldErrors immutable(String path, Object value) {
        return invalid(path, value, "field is immutable");
    }

    public FieldErrors duplicate(String path, Object value) {
        return add("FieldValueDuplicate", path, "Duplicate value: " + show(value));
    }

    /** @param supported shown sorted, quoted */
    public FieldErrors notSupported(String path, Object value, Collection<String> supported) {
        String list = supported.stream().sorted().map(FieldErrors::quote).collect(Collectors.joining(", "));
        return add("FieldValueNotSupported", path, "Unsupported value: " + show(value) + ": supported values: " + list);
    }

    public FieldErrors forbidden(String path, String why) {
        return add("FieldValueForbidden", path, "Forbidden" + tail(why));
    }

    public FieldErrors notFound(String path, Object value) {
        return add("FieldValueNotFound", path, "Not found: " + show(value));
    }

    public FieldErrors tooLong(String path, int limitBytes) {
        return add("FieldValueTooLong", path, "Too long: may not be more than " + limitBytes + " bytes");
    }

    public FieldErrors tooMany(String path, int actual, int limit) {
        return add("FieldValueTooMany", path, "Too many: " + actual + ": must have at most " + limit + " items");
    }

    private FieldErrors add(String reason, String path, String body) {
        if (all.size() < MOST) {
            all.add(new One(reason, path, body));
        }
        return this;
    }

    /** {@code status.details.causes}. */
    public List<Obj> causes() {
        List<Obj> causes = new ArrayList<>();
        all.forEach(e -> causes.add(Obj.of("reason", e.reason, "message", e.body, "field", e.field)));
        return causes;
    }

    /** One error as it is, several in brackets. */
    public String message() {
        List<String> texts = all.stream().map(e -> e.field + ": " + e.body).toList();
        return texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
    }

    private static String tail(String why) {
        return why.isEmpty() ? "" : ": " + why;
    }

    private static String show(Object value) {
        return switch (value) {
            case null -> "null";
            case String s -> quote(s);
            default -> Json.text(value);
        };
    }

    private static String quote(String s) {
        return Json.text(s);
    }
}
