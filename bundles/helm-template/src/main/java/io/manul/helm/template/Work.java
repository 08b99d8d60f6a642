package io.manul.helm.template;

import io.manul.helm.template.functions.Constraint;
import io.manul.helm.template.go.Fmt;
import io.manul.helm.template.go.GoMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A chart while it is rendered: under its alias, with the dependencies that are switched on, with imported values. */
final class Work {

    final Chart chart;
    private final String name;
    private List<Dependency> dependencies;
    Work parent;
    List<Work> charts = new ArrayList<>();
    Map<String, Object> values;

    private Work(Chart chart, String name) {
        this.chart = chart;
        this.name = name;
        this.values = Values.copy(chart.values);
        this.dependencies = chart.metadata.has("dependencies") ? Metadata.dependencies(chart.metadata) : null;
        for (Chart c : chart.charts) {
            add(new Work(c, c.name()));
        }
    }

    /** The chart with its dependencies decided under these values. */
    static Work of(Chart chart, Map<String, Object> values) throws ChartException {
        Work w = new Work(chart, chart.name());
        w.decide(values, "");
        w.importValues();
        return w;
    }

    private void add(Work child) {
        child.parent = this;
        charts.add(child);
    }

    String name() {
        return name;
    }

    /** Where it stands: {@code parent/charts/child}. */
    String path() {
        return parent == null ? name : parent.path() + "/charts/" + name;
    }

    List<Dependency> dependencies() {
        return dependencies == null ? List.of() : dependencies;
    }

    private void decide(Map<String, Object> given, String path) throws ChartException {
        if (dependencies == null) {
            return;
        }
        charts = chosen();
        charts.forEach(c -> c.parent = this);
        GoMap all = Values.coalesce(this, given, false);
        Set<String> off = new HashSet<>();
        for (Dependency d : dependencies) {
            if (!enabled(d, all, path)) {
                off.add(d.key());
            }
        }
        charts.removeIf(c -> off.contains(c.name()));
        dependencies = new ArrayList<>(dependencies.stream().filter(d -> !off.contains(d.key())).toList());
        for (Work c : charts) {
            c.decide(all, path + c.name() + ".");
        }
    }

    private List<Work> chosen() {
        List<Work> out = new ArrayList<>();
        for (Work c : charts) {
            if (dependencies.stream().noneMatch(d -> fits(c, d))) {
                out.add(c);
            }
        }
        for (Dependency d : dependencies) {
            for (Work c : charts) {
                if (fits(c, d)) {
                    out.add(new Work(c.chart, d.key()));
                    break;
                }
            }
        }
        return out;
    }

    private static boolean fits(Work c, Dependency d) {
        return c.chart.name().equals(d.name()) && Constraint.compatible(d.version(), c.chart.version());
    }

    private static boolean enabled(Dependency d, Map<String, Object> values, String path) {
        boolean on = true;
        Map<String, Object> tags = Values.table(values.get("tags"));
        if (tags != null) {
            boolean yes = d.tags().stream().anyMatch(t -> Boolean.TRUE.equals(tags.get(t)));
            boolean no = d.tags().stream().anyMatch(t -> Boolean.FALSE.equals(tags.get(t)));
            on = yes || !no;
        }
        for (String condition : d.condition().strip().split(",")) {
            if (!condition.isEmpty() && Values.leaf(values, path + condition) instanceof Boolean b) {
                return b;
            }
        }
        return on;
    }

    private void importValues() throws ChartException {
        for (Work c : charts) {
            c.importValues();
        }
        if (dependencies == null) {
            return;
        }
        GoMap all = Values.coalesce(this, Map.of(), true);
        Map<String, Object> imported = new GoMap();
        for (Dependency d : dependencies) {
            for (Object entry : d.importValues()) {
                imported(d, entry, all, imported);
            }
        }
        values = Values.tables(Values.copy(all), imported, true);
    }

    private static void imported(Dependency d, Object entry, Map<String, Object> all, Map<String, Object> imported) {
        if (entry instanceof Map<?, ?> m) {
            Map<String, Object> found = Values.path(all, d.key() + "." + Fmt.v(m.get("child")));
            if (found != null) {
                Values.tables(imported, below(Fmt.v(m.get("parent")), found), true);
            }
        } else if (entry instanceof String s) {
            Map<String, Object> found = Values.path(all, d.key() + ".exports." + s);
            if (found != null) {
                Values.tables(imported, found, true);
            }
        }
    }

    private static Map<String, Object> below(String path, Map<String, Object> data) {
        if (path.equals(".")) {
            return data;
        }
        Map<String, Object> at = data;
        String[] parts = path.split("\\.", -1);
        for (int i = parts.length - 1; i >= 0; i--) {
            at = new GoMap(new HashMap<>(Map.of(parts[i], at)));
        }
        return at;
    }
}
