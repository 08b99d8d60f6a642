package io.manul.metrics;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.List;

/** The Table of {@code kubectl get podmetrics}: NAME CPU MEMORY WINDOW, as metrics-server's. */
final class MetricsTable {

    private MetricsTable() {
    }

    static Obj of(List<Obj> items) {
        return Obj.of("kind", "Table", "apiVersion", "meta.k8s.io/v1", "metadata", Obj.of(), "columnDefinitions",
                List.of(column("Name", "string", "name"), column("cpu", "", "quantity"), column("memory", "", "quantity"),
                        column("Window", "string", "duration")),
                "rows", items.stream().map(MetricsTable::row).toList());
    }

    private static Obj column(String name, String type, String format) {
        return Obj.of("name", name, "type", type.isEmpty() ? "string" : type, "format", format, "description", name, "priority", 0);
    }

    private static Obj row(Obj item) {
        List<Obj> usages = item.has("usage") ? List.of(item.at("usage")) : item.objects("containers").stream().map(c -> c.at("usage")).toList();
        long nanos = usages.stream().mapToLong(u -> Quantity.parse(u.text("cpu")).map(q -> q.movePointRight(9).longValue()).orElse(0L)).sum();
        long memory = usages.stream().mapToLong(u -> Quantity.units(u.get("memory"))).sum();
        return Obj.of("cells", List.of(item.name(), nanos + "n", memory / 1024 + "Ki", item.text("window")), "object",
                Obj.of("kind", "PartialObjectMetadata", "apiVersion", "meta.k8s.io/v1", "metadata", item.get("metadata")));
    }
}
