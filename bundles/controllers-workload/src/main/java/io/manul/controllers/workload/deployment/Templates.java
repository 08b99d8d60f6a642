package io.manul.controllers.workload.deployment;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Pod templates: compared without the hash label, hashed for it. Pure. */
final class Templates {

    static final String HASH = "pod-template-hash";
    private static final String SAFE = "bcdfghjklmnpqrstvwxz2456789";

    private Templates() {
    }

    static boolean same(Obj a, Obj b) {
        return plain(a).equals(plain(b));
    }

    private static Obj plain(Obj template) {
        Obj t = template.copy();
        t.remove("metadata", "labels", HASH);
        t.remove("metadata", "creationTimestamp");
        return t;
    }

    /** A short word for a template; another one with every collision. */
    static String hash(Obj template, long collisions) {
        CRC32 crc = new CRC32();
        crc.update(Json.bytes(sorted(plain(template).map())));
        crc.update(Long.toString(collisions).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        StringBuilder word = new StringBuilder();
        for (char digit : Long.toString(crc.getValue()).toCharArray()) {
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
            case java.util.List<?> l -> l.stream().map(v -> v == null ? Obj.of() : sorted(v)).toList();
            case null, default -> value;
        };
    }
}
