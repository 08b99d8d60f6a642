package io.manul.itests.bench;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What was measured, in order; as a table or as JSON. */
final class Report {

    private record Row(String group, String name, double value, String unit) {
    }

    private final List<Row> rows = new ArrayList<>();

    void add(String group, String name, double value, String unit) {
        rows.add(new Row(group, name, value, unit));
    }

    /** The 50th and 99th percentile and the longest. */
    void times(String group, String name, double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        add(group, name + " p50", at(sorted, 0.5), "ms");
        add(group, name + " p99", at(sorted, 0.99), "ms");
        add(group, name + " max", sorted[sorted.length - 1], "ms");
    }

    /** The nearest-rank percentile of sorted values. */
    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
    }

    void table(PrintStream out) {
        int width = rows.stream().mapToInt(r -> r.name.length()).max().orElse(0);
        String group = "";
        for (Row r : rows) {
            if (!r.group.equals(group)) {
                group = r.group;
                out.println(group.toUpperCase(Locale.ROOT));
            }
            out.printf(Locale.ROOT, "  %-" + width + "s  %12.2f %s%n", r.name, r.value, r.unit);
        }
    }

    void json(PrintStream out) {
        out.println(Json.text(Obj.of("items", rows.stream()
                .map(r -> Obj.of("group", r.group, "name", r.name, "value", r.value, "unit", r.unit)).toList())));
    }
}
