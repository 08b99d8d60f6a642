package io.manul.helm.template;

import java.util.Map;

/** Checks values against the schemas of a chart and the charts in it. */
final class Schemas {

    private Schemas() {
    }

    /** What is wrong, chart by chart; empty when nothing is. */
    static String check(Work w, Map<String, Object> values) {
        StringBuilder b = new StringBuilder();
        if (w.chart.schema != null) {
            String wrong = io.manul.helm.template.schema.Schema.check(w.chart.schema, values);
            if (!wrong.isEmpty()) {
                b.append(w.name()).append(":\n").append(wrong);
            }
        }
        for (Work c : w.charts) {
            Object own = values.get(c.name());
            if (own != null) {
                b.append(check(c, Values.table(own)));
            }
        }
        return b.toString();
    }
}
