package io.manul.apiserver.engine.store;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The stored form of an object: compact UTF-8 JSON that begins {@code {"apiVersion":..,"kind":..,"metadata":{} and has no
 * resourceVersion, which is the revision it was stored at. On its way out the revision is spliced in by copying bytes.
 */
public final class Encoding {

    private static final byte[] METADATA = ascii("\"metadata\":{");
    private static final byte[] VERSION = ascii("\"resourceVersion\":\"");
    private static final byte[] API_VERSION = ascii("{\"apiVersion\":\"");

    private Encoding() {
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes to store. */
    public static byte[] store(Obj object) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("apiVersion", object.apiVersion());
        out.put("kind", object.kind());
        Map<String, Object> metadata = new LinkedHashMap<>(object.at("metadata").map());
        metadata.remove("resourceVersion");
        metadata.remove("selfLink");
        metadata.remove("managedFields");
        out.put("metadata", metadata);
        object.map().forEach(out::putIfAbsent);
        return Json.bytes(out);
    }

    /** The object of a stored value, with its resourceVersion; a new one at every call. */
    public static Obj parse(byte[] stored, long revision) {
        Obj object = Obj.parse(stored);
        Obj metadata = object.make("metadata");
        metadata.put("resourceVersion", Long.toString(revision));
        return object;
    }

    /** The bytes that a client sees. */
    public static byte[] out(byte[] stored, long revision) {
        return splice(stored, 0, new byte[0], revision);
    }

    /** The same with another apiVersion (custom resources of several versions). */
    public static byte[] out(byte[] stored, long revision, String apiVersion) {
        int value = API_VERSION.length;
        int end = value;
        while (stored[end] != '"') {
            end++;
        }
        return splice(stored, end, ascii("{\"apiVersion\":\"" + apiVersion), revision);
    }

    private static byte[] splice(byte[] stored, int from, byte[] head, long revision) {
        int at = metadata(stored);
        byte[] digits = ascii(Long.toString(revision));
        boolean empty = stored[at] == '}';
        byte[] out = new byte[head.length + stored.length - from + VERSION.length + digits.length + (empty ? 1 : 2)];
        int to = copy(head, 0, head.length, out, 0);
        to = copy(stored, from, at, out, to);
        to = copy(VERSION, 0, VERSION.length, out, to);
        to = copy(digits, 0, digits.length, out, to);
        out[to++] = '"';
        if (!empty) {
            out[to++] = ',';
        }
        copy(stored, at, stored.length, out, to);
        return out;
    }

    /** Where the metadata object's content begins. */
    static int metadata(byte[] stored) {
        search:
        for (int i = 1; i <= stored.length - METADATA.length; i++) {
            for (int j = 0; j < METADATA.length; j++) {
                if (stored[i + j] != METADATA[j]) {
                    continue search;
                }
            }
            return i + METADATA.length;
        }
        throw new IllegalStateException("a stored value has no metadata");
    }

    private static int copy(byte[] source, int from, int to, byte[] target, int at) {
        System.arraycopy(source, from, target, at, to - from);
        return at + to - from;
    }
}
