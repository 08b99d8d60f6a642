package io.manul.controllers.sets.history;

import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a ControllerRevision keeps: the pod template, as a strategic merge patch that puts it back (upstream's form). Pure. */
public final class Templates {

    private static final String SAFE = "bcdfghjklmnpqrstvwxz2456789";
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private Templates() {
    }

    /**
     * {@code data} of the revision of this template. In the order and with the empty parts that upstream's typed encoding has, so that tools
     * that compare bytes find it equal.
     */
    public static Obj data(Obj owner) {
        Obj template = owner.at("spec", "template").copy();
        template.make("metadata").remove("creationTimestamp");
        for (String containers : List.of("containers", "initContainers")) {
            template.objects("spec", containers).forEach(c -> c.make("resources"));
        }
        template.put("$patch", "replace");
        return Obj.of("spec", Obj.of("template", Obj.from(sorted(template.map())).orElseThrow()));
    }

    public static boolean same(Obj revision, Obj data) {
        return revision.at("data").equals(data) || data(revision.at("data")).equals(data);
    }

    /** The owner as it was then. */
    public static Obj restored(Obj owner, Obj revision) {
        Obj template = revision.at("data", "spec", "template").copy();
        template.remove("$patch");
        Obj restored = owner.copy();
        restored.set(template, "spec", "template");
        return restored;
    }

    /** A short word for a template (FNV-1, 32 bits); another one with every collision. */
    static String hash(String kind, Obj data, long collisions) {
        int hash = FNV_OFFSET;
        byte[] bytes = data.bytes(); // in order
        for (byte[] part : List.of(kind.getBytes(StandardCharsets.UTF_8), bytes, Long.toString(collisions).getBytes(StandardCharsets.US_ASCII))) {
            for (byte b : part) {
                hash = hash * FNV_PRIME ^ b & 0xff;
            }
        }
        StringBuilder word = new StringBuilder();
        for (char digit : Integer.toUnsignedString(hash).toCharArray()) {
            word.append(SAFE.charAt(digit % SAFE.length()));
        }
        return word.toString();
    }

    private static Object sorted(Object value) {
        return switch (value) {
            case Map<?, ?> m -> {
                TreeMap<String, Object> t = new TreeMap<>();
                m.forEach((k, v) -> t.put((String) k, sorted(v)));
                yield t;
            }
            case List<?> l -> l.stream().map(Templates::sorted).collect(Collectors.toCollection(ArrayList::new));
            case null, default -> value;
        };
    }
}
