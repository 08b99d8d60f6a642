package io.manul.kubelet.stats;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes metrics in Prometheus' text format 0.0.4: families in the order of their first sample. */
final class Exposition {

    private final Map<String, StringBuilder> families = new LinkedHashMap<>();
    private final long millis;

    /** @param millis time stamp of each sample; 0: none */
    Exposition(long millis) {
        this.millis = millis;
    }

    /** A family also when nothing follows. */
    Exposition family(String name, String type, String help) {
        families.computeIfAbsent(name, n -> new StringBuilder("# HELP ").append(n).append(' ').append(help).append("\n# TYPE ").append(n).append(' ')
                .append(type).append('\n'));
        return this;
    }

    /** @param labels pairs of name and value */
    void sample(String name, double value, String... labels) {
        StringBuilder out = families.get(name).append(name);
        for (int i = 0; i < labels.length; i += 2) {
            out.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"").append(escaped(labels[i + 1])).append('"');
        }
        out.append(labels.length > 0 ? "} " : " ").append(text(value));
        if (millis > 0) {
            out.append(' ').append(millis);
        }
        out.append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : BigDecimal.valueOf(value).toPlainString();
    }

    String text() {
        StringBuilder all = new StringBuilder(8 << 10);
        families.values().forEach(all::append);
        return all.toString();
    }
}
