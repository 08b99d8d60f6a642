package io.manul.apiserver.kinds;

import io.manul.apiserver.spi.Column;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Printer columns declared side by side with what they show. */
public final class Cells {

    /** What a cell is made from. */
    public record Row(Obj object, Instant now) {
    }

    private final List<Column> columns = new ArrayList<>();
    private final List<Function<Row, Object>> values = new ArrayList<>();
    private boolean ownName;

    /** A first column Name that shows more than metadata.name; the engine then adds none. */
    public Cells ownName(Function<Obj, Object> value) {
        ownName = true;
        return named("Name", value);
    }

    /** A text of the format name. */
    public Cells named(String name, Function<Obj, Object> value) {
        return add(new Column(name, "string", "name", "", 0), r -> value.apply(r.object()));
    }

    public Cells text(String name, Function<Obj, Object> value) {
        return add(name, "string", 0, r -> value.apply(r.object()));
    }

    public Cells wide(String name, Function<Obj, Object> value) {
        return add(name, "string", 1, r -> value.apply(r.object()));
    }

    public Cells number(String name, Function<Obj, Object> value) {
        return add(name, "integer", 0, r -> value.apply(r.object()));
    }

    public Cells flag(String name, Function<Obj, Object> value) {
        return add(name, "boolean", 0, r -> value.apply(r.object()));
    }

    public Cells with(String name, int priority, Function<Row, Object> value) {
        return add(name, "string", priority, value);
    }

    /** metadata.creationTimestamp. */
    public Cells age() {
        return add("Age", "string", 0, r -> Age.of(r.object().text("metadata", "creationTimestamp"), r.now()));
    }

    /** Containers, images and selector, as for everything with a pod template. */
    public Cells template(String... selector) {
        return containers("spec", "template", "spec", "containers").wide("Selector", o -> selector(o.at(selector)));
    }

    /** Names and images of the containers there. */
    public Cells containers(String... path) {
        return wide("Containers", o -> join(o.objects(path), "name")).wide("Images", o -> join(o.objects(path), "image"));
    }

    private Cells add(String name, String type, int priority, Function<Row, Object> value) {
        return add(new Column(name, type, "", "", priority), value);
    }

    private Cells add(Column column, Function<Row, Object> value) {
        columns.add(column);
        values.add(value);
        return this;
    }

    boolean hasName() {
        return ownName;
    }

    public List<Column> columns() {
        return List.copyOf(columns);
    }

    public List<Object> of(Obj object, Instant now) {
        List<Object> cells = new ArrayList<>(values.size());
        Row row = new Row(object, now);
        values.forEach(v -> cells.add(v.apply(row)));
        return cells;
    }

    public static String join(List<Obj> objects, String key) {
        return objects.stream().map(o -> o.text(key)).collect(Collectors.joining(","));
    }

    /** A LabelSelector, or a plain map of labels, as kubectl prints it. */
    public static String selector(Obj selector) {
        List<String> parts = new ArrayList<>();
        boolean structured = selector.has("matchLabels") || selector.has("matchExpressions");
        Map<String, String> labels = structured ? selector.stringMap("matchLabels") : selector.stringMap();
        labels.forEach((k, v) -> parts.add(k + "=" + v));
        for (Obj x : selector.objects("matchExpressions")) {
            String values = "(" + String.join(",", x.strings("values").stream().sorted().toList()) + ")";
            parts.add(switch (x.text("operator")) {
                case "In" -> x.text("key") + " in " + values;
                case "NotIn" -> x.text("key") + " notin " + values;
                case "DoesNotExist" -> "!" + x.text("key");
                default -> x.text("key");
            });
        }
        return parts.isEmpty() ? "<none>" : parts.stream().sorted().collect(Collectors.joining(","));
    }

    /** A number as a Long; 0 when absent. */
    public static Function<Obj, Object> count(String... path) {
        return o -> o.number(path).orElse(0);
    }

    /** The first of a list, the number of the others. */
    public static String some(List<String> all, int most, String separator) {
        String shown = String.join(separator, all.subList(0, Math.min(most, all.size())));
        return all.size() > most ? shown + " + " + (all.size() - most) + " more..." : shown;
    }

    /** A quantity, or a number or percentage, as it was written. */
    public static String quantity(Object value, String otherwise) {
        return value == null ? otherwise : String.valueOf(value);
    }

    public static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }
}
