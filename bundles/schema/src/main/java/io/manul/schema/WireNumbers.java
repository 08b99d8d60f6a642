package io.manul.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Field numbers of the protobuf form of built-in types (Kubernetes, "API concepts", Kubernetes Protobuf encoding). Reads its
 * table when it is made, about 60 KB: hold one only where protobuf is spoken. Immutable.
 */
public final class WireNumbers {

    /** @param inline the type whose fields stand here in a message of their own, while JSON has them in its parent; else empty */
    public record Entry(String name, Optional<String> inline) {
    }

    private final Map<String, String> lines = new HashMap<>();

    public WireNumbers() {
        try (InputStream in = WireNumbers.class.getResourceAsStream("protobuf.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                int space = line.indexOf(' ');
                if (space > 0 && line.charAt(0) != '#') {
                    lines.put(line.substring(0, space), line.substring(space + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fields by number; empty for a type that has no protobuf form. */
    public Map<Integer, Entry> of(String type) {
        Map<Integer, Entry> fields = new HashMap<>();
        String line = lines.get(type);
        for (String field : line == null ? new String[0] : line.split(" ")) {
            int colon = field.indexOf(':');
            int nested = field.indexOf('>');
            fields.put(Integer.parseInt(field.substring(colon + 1, nested < 0 ? field.length() : nested)),
                    new Entry(field.substring(0, colon), nested < 0 ? Optional.empty() : Optional.of(field.substring(nested + 1))));
        }
        return fields;
    }
}
