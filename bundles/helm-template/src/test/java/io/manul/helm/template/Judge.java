package io.manul.helm.template;

import com.marcnuri.helm.Helm;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/** The real Helm, as a native library, and ours, asked the same: the manifest, or the error. */
final class Judge {

    static final Capabilities CAPABILITIES = new Capabilities("v1.36.2", List.of("v1", "apps/v1", "batch/v1", "networking.k8s.io/v1",
            "policy/v1", "autoscaling/v2", "rbac.authorization.k8s.io/v1", "apiextensions.k8s.io/v1"));
    private static final Release RELEASE = new Release("rel", "ns", 1, true, false);

    private Judge() {
    }

    static String real(Path chart, Path values) {
        try {
            var command = new Helm(chart).template().withName(RELEASE.name()).withNamespace(RELEASE.namespace()).withKubeVersion("v1.36.2")
                    .skipCrds();
            if (values != null) {
                command.withValuesFile(values);
            }
            String out = command.call();
            return out == null ? "" : out.strip();
        } catch (IllegalStateException e) {
            return "ERROR: " + e.getMessage().replaceFirst("\\n\\nUse --debug flag to render out invalid YAML$", "").strip();
        }
    }

    static String ours(Path chart, Path values) throws IOException {
        try {
            Obj given = values == null ? Obj.of() : Charts.values(Files.readString(values, StandardCharsets.UTF_8));
            return new Renderer(InstantSource.system(), new Random(1), Renderer.Bounds.DEFAULT)
                    .render(Charts.read(chart), given, RELEASE, CAPABILITIES, Lookup.NONE).manifest().strip();
        } catch (ChartException e) {
            return "ERROR: " + e.getMessage().strip();
        }
    }

    /** Writes a chart of one template. */
    static Path chart(Path folder, String template, String values) throws IOException {
        Files.createDirectories(folder.resolve("templates"));
        Files.writeString(folder.resolve("Chart.yaml"), "apiVersion: v2\nname: c\nversion: 1.2.3\nappVersion: \"4.5\"\ndescription: d\n");
        Files.writeString(folder.resolve("values.yaml"), values);
        Files.writeString(folder.resolve("templates/t.yaml"), template);
        return folder;
    }
}
