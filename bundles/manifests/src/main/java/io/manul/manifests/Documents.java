package io.manul.manifests;

import io.manul.json.Json;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The objects of a manifest: YAML documents or JSON, {@code kind: List} flattened, empty documents passed over. */
final class Documents {

    private static final int MOST_BYTES = 16 << 20;

    private Documents() {
    }

    static List<Obj> parse(byte[] content, String file) throws BadManifest {
        if (content.length > MOST_BYTES) {
            throw new BadManifest("ReadManifestFailed", file + " has " + content.length + " bytes; at most " + MOST_BYTES + " are read");
        }
        List<Obj> objects = new ArrayList<>();
        int number = 0;
        for (Object document : load(content, file)) {
            number++;
            if (document != null) {
                add(document, file + " document " + number, objects);
            }
        }
        return objects;
    }

    private static Iterable<Object> load(byte[] content, String file) throws BadManifest {
        String text = new String(content, StandardCharsets.UTF_8);
        try {
            if (file.toLowerCase(java.util.Locale.ROOT).endsWith(".json")) {
                return List.of(Json.parse(content));
            }
            LoadSettings settings = LoadSettings.builder().setLabel(file).setAllowDuplicateKeys(false).setCodePointLimit(MOST_BYTES)
                    .setMaxAliasesForCollections(200).build();
            List<Object> all = new ArrayList<>();
            new Load(settings).loadAllFromString(text).forEach(all::add);
            return all;
        } catch (YamlEngineException | JsonException e) {
            throw new BadManifest("ParseManifestFailed", "Parse manifest at \"" + file + "\" failed: "
                    + String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip());
        }
    }

    private static void add(Object document, String where, List<Obj> objects) throws BadManifest {
        if (!(plain(document) instanceof Map<?, ?>)) {
            throw new BadManifest("ParseManifestFailed", where + " is not an object");
        }
        Obj o = Obj.from(plain(document)).orElseThrow();
        if (o.kind().endsWith("List") && o.has("items")) {
            for (Obj item : o.objects("items")) {
                add(item.map(), where, objects);
            }
            return;
        }
        if (o.kind().isEmpty() || o.apiVersion().isEmpty() || o.name().isEmpty()) {
            throw new BadManifest("ParseManifestFailed", where + " needs apiVersion, kind and metadata.name");
        }
        objects.add(o);
    }

    /** YAML's Integers become Longs, keys become text. */
    private static Object plain(Object value) {
        return switch (value) {
            case Map<?, ?> m -> {
                Map<String, Object> out = new java.util.LinkedHashMap<>();
                m.forEach((k, v) -> out.put(String.valueOf(k), plain(v)));
                yield out;
            }
            case List<?> l -> {
                List<Object> out = new ArrayList<>();
                l.forEach(v -> out.add(plain(v)));
                yield out;
            }
            case Integer i -> (long) i;
            case null, default -> value;
        };
    }
}
