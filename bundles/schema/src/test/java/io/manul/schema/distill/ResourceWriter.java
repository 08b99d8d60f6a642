package io.manul.schema.distill;

import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes resources.txt from the legacy discovery documents. The format is told in {@code ResourceTable}. */
final class ResourceWriter {

    private final Path discovery;
    private final TypeWriter types;

    ResourceWriter(Path source, TypeWriter types) {
        this.discovery = source.resolve("discovery");
        this.types = types;
    }

    String text() throws IOException {
        StringBuilder out = new StringBuilder("# Distilled; see ResourceTable for the format. Do not edit: run Distiller.\n");
        groupVersion(out, "", "v1", "api__v1.json");
        for (Obj group : Distiller.parse(discovery.resolve("apis.json")).objects("groups")) {
            for (Obj version : group.objects("versions")) {
                groupVersion(out, group.text("name"), version.text("version"),
                        "apis__" + group.text("name") + "__" + version.text("version") + ".json");
            }
        }
        return out.toString();
    }

    private void groupVersion(StringBuilder out, String group, String version, String file) throws IOException {
        out.append("@ ").append(word(group)).append(' ').append(version);
        out.append(version.matches("v[0-9]+") ? "\n" : " unserved\n");
        List<Obj> resources = Distiller.parse(discovery.resolve(file)).objects("resources");
        for (Obj resource : resources) {
            if (!resource.text("name").contains("/")) {
                resource(out, group, version, resource);
                resources.stream().filter(s -> s.text("name").startsWith(resource.text("name") + "/"))
                        .forEach(s -> subresource(out, s));
            }
        }
    }

    private void resource(StringBuilder out, String group, String version, Obj r) {
        List<String> words = new ArrayList<>();
        words.add(r.text("name"));
        words.add(r.text("singularName"));
        words.add(r.kind());
        words.add(types.typeOf(group, version, r.kind() + "List").equals("-") ? "-" : r.kind() + "List");
        words.add(r.flag("namespaced") ? "namespaced" : "cluster");
        words.add(types.typeOf(group, version, r.kind()));
        words.add(word(String.join(",", r.strings("verbs"))));
        words.add(word(String.join(",", r.strings("shortNames"))));
        words.add(word(String.join(",", r.strings("categories"))));
        words.add(word(r.text("storageVersionHash")));
        out.append(String.join(" ", words)).append('\n');
    }

    private static void subresource(StringBuilder out, Obj s) {
        String name = s.text("name");
        out.append(' ').append(name.substring(name.indexOf('/') + 1));
        out.append(' ').append(s.has("version") ? s.text("group") + "/" + s.text("version") : "-");
        out.append(' ').append(s.kind()).append(' ').append(String.join(",", s.strings("verbs"))).append('\n');
    }

    private static String word(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
