package io.manul.helm.template;

import io.manul.helm.template.functions.Paths;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Yaml;
import io.manul.json.Obj;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes a chart of its files. */
final class ChartLoader {

    private static final int MOST_DEPTH = 16;

    private final List<ChartFile> templates = new ArrayList<>();
    private final List<ChartFile> files = new ArrayList<>();
    private final Map<String, List<ChartFile>> charts = new TreeMap<>();
    private Obj metadata;
    private Map<String, Object> values = new GoMap();
    private byte[] schema;
    private Obj lock;

    private ChartLoader() {
    }

    static Chart load(List<ChartFile> all, int depth) throws ChartException, IOException {
        if (depth > MOST_DEPTH) {
            throw new ChartException("charts lie in charts deeper than " + MOST_DEPTH);
        }
        ChartLoader l = new ChartLoader();
        for (ChartFile f : all) {
            if (f.name().equals("Chart.yaml")) {
                l.metadata = Metadata.read(yaml(f, "Chart.yaml"), l.metadata, "Chart.yaml");
            }
        }
        for (ChartFile f : all) {
            l.sort(f);
        }
        if (l.metadata == null) {
            throw new ChartException("Chart.yaml file is missing");
        }
        Metadata.validate(l.metadata);
        List<Chart> inner = new ArrayList<>();
        for (Map.Entry<String, List<ChartFile>> e : l.charts.entrySet()) {
            if (!e.getKey().startsWith("_") && !e.getKey().startsWith(".")) {
                inner.add(l.inner(e.getKey(), e.getValue(), depth));
            }
        }
        return new Chart(l.metadata, all, l.templates, l.files, l.values, l.schema, l.lock, inner);
    }

    private static Map<String, Object> yaml(ChartFile f, String name) throws ChartException {
        try {
            Map<String, Object> m = Yaml.map(Text.of(f.data()));
            return m == null ? new GoMap() : m;
        } catch (GoError e) {
            throw new ChartException("cannot load " + name + ": " + e.getMessage());
        }
    }

    private void sort(ChartFile f) throws ChartException {
        switch (f.name()) {
            case "Chart.yaml" -> {
            }
            case "Chart.lock" -> lock = Obj.view(yaml(f, "Chart.lock"));
            case "values.yaml" -> values = yaml(f, "values.yaml");
            case "values.schema.json" -> schema = f.data();
            case "requirements.yaml" -> {
                metadata = Metadata.read(yaml(f, "requirements.yaml"), metadata, "requirements.yaml");
                keepIfOld(f);
            }
            case "requirements.lock" -> {
                lock = Obj.view(yaml(f, "requirements.lock"));
                keepIfOld(f);
            }
            default -> {
                if (f.name().startsWith("templates/")) {
                    templates.add(f);
                } else if (f.name().startsWith("charts/") && !Paths.ext(f.name()).equals(".prov")) {
                    String name = f.name().substring("charts/".length());
                    charts.computeIfAbsent(name.split("/", 2)[0], k -> new ArrayList<>()).add(new ChartFile(name, f.data()));
                } else {
                    files.add(f);
                }
            }
        }
    }

    private void keepIfOld(ChartFile f) {
        if (metadata != null && metadata.text("apiVersion").equals("v1")) {
            files.add(f);
        }
    }

    private Chart inner(String name, List<ChartFile> parts, int depth) throws ChartException, IOException {
        String outer = metadata.text("name");
        try {
            if (Paths.ext(name).equals(".tgz")) {
                ChartFile f = parts.getFirst();
                if (!f.name().equals(name)) {
                    throw new ChartException("error unpacking subchart tar in " + outer + ": expected " + name + ", got " + f.name());
                }
                return load(Archive.read(new ByteArrayInputStream(f.data())), depth + 1);
            }
            List<ChartFile> own = new ArrayList<>();
            for (ChartFile f : parts) {
                if (f.name().contains("/")) {
                    own.add(new ChartFile(f.name().substring(f.name().indexOf('/') + 1), f.data()));
                }
            }
            return load(own, depth + 1);
        } catch (ChartException e) {
            throw new ChartException("error unpacking subchart " + name + " in " + outer + ": " + e.getMessage());
        }
    }
}
