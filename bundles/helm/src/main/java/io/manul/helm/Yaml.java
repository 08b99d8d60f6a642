package io.manul.helm;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** YAML texts as objects, bounded. */
public final class Yaml {

    private static final int MOST_BYTES = 16 << 20;

    private Yaml() {
    }

    /** One document that is an object; an empty text is the empty one. @param what for the message */
    public static Obj one(String text, String what) throws HelmException {
        List<Obj> all = all(text, what);
        if (all.size() > 1) {
            throw new HelmException(what + " holds several documents");
        }
        return all.isEmpty() ? Obj.of() : all.getFirst();
    }

    /** All documents that are not empty. */
    public static List<Obj> all(String text, String what) throws HelmException {
        List<Obj> out = new ArrayList<>();
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(what).setCodePointLimit(MOST_BYTES).setMaxAliasesForCollections(200)
                    .setSchema(new CoreSchema()).build();
            for (Object document : new Load(settings).loadAllFromString(text)) {
                if (document == null) {
                    continue;
                }
                out.add(Obj.from(plain(document)).orElseThrow(() -> new HelmException(what + " is not an object")));
            }
        } catch (YamlEngineException e) {
            throw new HelmException(what + " is no YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip());
        }
        return out;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Map<?, ?> m -> {
                Map<String, Object> out = new LinkedHashMap<>();
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
