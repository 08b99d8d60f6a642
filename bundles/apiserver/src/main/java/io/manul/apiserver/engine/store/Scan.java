package io.manul.apiserver.engine.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.manul.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Reads parts of a stored value by streaming, without building the object. */
public final class Scan {

    private Scan() {
    }

    /** {@code metadata.labels}. */
    public static Map<String, String> labels(byte[] stored) {
        try (JsonParser p = Json.factory().createParser(stored)) {
            Map<String, String> labels = new HashMap<>();
            if (enter(p, "metadata") && enter(p, "labels")) {
                while (p.nextToken() == JsonToken.FIELD_NAME) {
                    String key = p.currentName();
                    if (p.nextToken() == JsonToken.VALUE_STRING) {
                        labels.put(key, p.getText());
                    } else {
                        p.skipChildren();
                    }
                }
            }
            return labels;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of the metadata object, braces included, as they are stored. */
    public static byte[] metadata(byte[] stored) {
        try (JsonParser p = Json.factory().createParser(stored)) {
            if (!enter(p, "metadata")) {
                throw new IllegalStateException("a stored value has no metadata");
            }
            int from = (int) p.currentTokenLocation().getByteOffset();
            p.skipChildren();
            int to = (int) p.currentTokenLocation().getByteOffset() + 1;
            byte[] out = new byte[to - from];
            System.arraycopy(stored, from, out, 0, out.length);
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From before or at an object's start to the start of its member object; false when there is none. */
    private static boolean enter(JsonParser p, String member) throws IOException {
        if (p.currentToken() == null) {
            p.nextToken();
        }
        while (p.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = p.currentName().equals(member);
            JsonToken value = p.nextToken();
            if (wanted) {
                return value == JsonToken.START_OBJECT;
            }
            p.skipChildren();
        }
        return false;
    }
}
