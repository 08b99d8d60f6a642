package io.manul.helm.template;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.Yaml;
import io.manul.json.Obj;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/** Reads charts and values. */
public final class Charts {

    private Charts() {
    }

    /** A packaged chart. Bounds are Helm's: 100 MiB unpacked, 5 MiB a file; no path leaves the chart. */
    public static Chart read(InputStream tgz) throws ChartException, IOException {
        return ChartLoader.load(Archive.read(tgz), 0);
    }

    /** A chart's folder; what {@code .helmignore} names is left out. */
    public static Chart read(Path folder) throws ChartException, IOException {
        return ChartLoader.load(Folder.read(folder), 0);
    }

    /** A values file as Helm reads it: every number a double. */
    public static Obj values(String yaml) throws ChartException {
        try {
            Map<String, Object> m = Yaml.map(Text.of(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            return Obj.view(m == null ? new GoMap() : m);
        } catch (GoError e) {
            throw new ChartException(e.getMessage());
        }
    }

    /** Lays {@code over} over {@code under}, maps key by key, as {@code -f a.yaml -f b.yaml} does. */
    public static Obj overlay(Obj under, Obj over) {
        return Obj.view(Values.overlay(under.map(), over.map()));
    }
}
