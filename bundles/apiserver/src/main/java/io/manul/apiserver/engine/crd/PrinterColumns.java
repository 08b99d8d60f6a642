package io.manul.apiserver.engine.crd;

import io.manul.apiserver.kinds.Age;
import io.manul.apiserver.spi.Column;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code additionalPrinterColumns} of a version; without any: Age. Immutable. */
final class PrinterColumns {

    /** @param path empty when it is not one (a definition that another server took): its cells are too */
    private record Cell(Column column, Optional<JsonPath> path) {
    }

    private static final Cell AGE = new Cell(new Column("Age", "date", "", "When the object was created, by the server's clock.", 0),
            JsonPath.read(".metadata.creationTimestamp"));

    private final List<Cell> cells;

    PrinterColumns(Obj version) {
        List<Cell> out = new ArrayList<>();
        for (Obj c : version.objects("additionalPrinterColumns")) {
            out.add(new Cell(new Column(c.text("name"), c.text("type"), c.text("format"), c.text("description"),
                    (int) c.number("priority").orElse(0)), JsonPath.read(c.text("jsonPath"))));
        }
        this.cells = out.isEmpty() ? List.of(AGE) : List.copyOf(out);
    }

    List<Column> columns() {
        return cells.stream().map(Cell::column).toList();
    }

    List<Object> cells(Obj object, Instant now) {
        List<Object> out = new ArrayList<>();
        for (Cell c : cells) {
            List<Object> found = c.path.map(p -> p.find(object.map())).orElse(List.of());
            out.add(found.isEmpty() ? null : show(found, c.column.type(), now));
        }
        return out;
    }

    private static Object show(List<Object> found, String type, Instant now) {
        Object first = found.getFirst();
        return switch (type) {
            case "string" -> found.stream().map(v -> v instanceof String s ? s : Json.text(v)).collect(Collectors.joining(" "));
            case "integer" -> first instanceof Number n ? (Object) n.longValue() : null;
            case "number" -> first instanceof Number n ? (Object) n.doubleValue() : null;
            case "boolean" -> first instanceof Boolean ? first : null;
            case "date" -> first instanceof String s ? age(s, now) : null;
            default -> null;
        };
    }

    private static String age(String time, Instant now) {
        try {
            return Age.of(OffsetDateTime.parse(time).toInstant().toString(), now);
        } catch (DateTimeParseException e) {
            return "<invalid>";
        }
    }
}
