package io.manul.helm.template;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A chart as read: nothing is changed in it by rendering. Its parts are shared, not copied: leave them as they are. */
public final class Chart {

    final Obj metadata;
    final List<ChartFile> raw;
    final List<ChartFile> templates;
    final List<ChartFile> files;
    final Map<String, Object> values;
    final byte[] schema;
    final Obj lock;
    final List<Chart> charts;

    Chart(Obj metadata, List<ChartFile> raw, List<ChartFile> templates, List<ChartFile> files, Map<String, Object> values,
            byte[] schema, Obj lock, List<Chart> charts) {
        this.metadata = Objects.requireNonNull(metadata, "metadata");
        this.raw = raw;
        this.templates = templates;
        this.files = files;
        this.values = values;
        this.schema = schema;
        this.lock = lock;
        this.charts = charts;
    }

    public String name() {
        return metadata.text("name");
    }

    public String version() {
        return metadata.text("version");
    }

    public String appVersion() {
        return metadata.text("appVersion");
    }

    /** Chart.yaml's fields under their JSON names, cleaned as Helm cleans them; with dependencies. */
    public Obj metadata() {
        return metadata;
    }

    public List<ChartFile> templates() {
        return templates;
    }

    /** Everything that is no template, no chart and no known file. */
    public List<ChartFile> files() {
        return files;
    }

    /** values.yaml; numbers are doubles. */
    public Map<String, Object> values() {
        return values;
    }

    /** The charts in its folder {@code charts}. */
    public List<Chart> charts() {
        return charts;
    }

    /** Manifests of the folders {@code crds} of this chart and the charts in it, as they stand; nothing is rendered in them. */
    public List<ChartFile> crds() {
        List<ChartFile> found = new ArrayList<>();
        crds(name(), found);
        return found;
    }

    private void crds(String path, List<ChartFile> found) {
        for (ChartFile f : files) {
            if (f.name().startsWith("crds/") && f.name().toLowerCase(java.util.Locale.ROOT).matches(".*\\.(yaml|yml|json)")) {
                found.add(new ChartFile(path + "/" + f.name(), f.data()));
            }
        }
        charts.forEach(c -> c.crds(path + "/charts/" + c.name(), found));
    }

    /** The chart as a release ({@code helm.sh/release.v1}) holds it: Helm's JSON, file contents in base64. */
    public Obj json() {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("metadata", metadata.map());
        out.put("lock", lock == null ? null : lock.map());
        out.put("templates", encoded(templates));
        out.put("values", Json.copy(values));
        out.put("schema", schema == null ? null : java.util.Base64.getEncoder().encodeToString(schema));
        out.put("files", encoded(files));
        return Obj.view(out);
    }

    private static List<Object> encoded(List<ChartFile> files) {
        List<Object> out = new ArrayList<>();
        for (ChartFile f : files) {
            out.add(Obj.of("name", f.name(), "data", java.util.Base64.getEncoder().encodeToString(f.data())).map());
        }
        return out;
    }
}
