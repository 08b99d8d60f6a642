package io.manul.schema.distill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hand-written list of enumerations, from the API reference (the published OpenAPI files leave them out): lines
 * {@code TYPE.FIELD VALUE VALUE ...} below a line {@code package NAME}.
 */
final class Enums {

    private final Map<String, List<String>> values = new TreeMap<>();
    private final Map<String, List<String>> unused = new TreeMap<>();

    static Enums read(Path file) throws IOException {
        Enums enums = new Enums();
        String pkg = "";
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("package ")) {
                pkg = line.substring("package ".length()).trim() + ".";
            } else if (!line.isBlank() && !line.startsWith("#")) {
                List<String> words = List.of(line.trim().split(" +"));
                enums.values.put(pkg + words.getFirst(), words.subList(1, words.size()));
            }
        }
        enums.unused.putAll(enums.values);
        return enums;
    }

    List<String> of(String type, String field) {
        unused.remove(type + "." + field);
        return values.getOrDefault(type + "." + field, List.of());
    }

    /** Every line must have found its field: a field that is gone, or misspelt, is an error. */
    void allUsed() {
        if (!unused.isEmpty()) {
            throw new IllegalStateException("enums.txt names fields that the schema lacks: " + unused.keySet());
        }
    }
}
