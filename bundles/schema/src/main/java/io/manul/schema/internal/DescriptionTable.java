package io.manul.schema.internal;

import io.manul.schema.Descriptions;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * descriptions.gz, which the build makes from the annotations of the official Java client's model classes: lines {@code TYPE
 * TAB FIELD TAB TEXT}, the field empty for the type's own text, line feeds, tabs and backslashes in the text as Java escapes.
 */
final class DescriptionTable implements Descriptions {

    private final Map<String, String> texts = new HashMap<>();

    static Descriptions read() {
        DescriptionTable table = new DescriptionTable();
        Tables.find("descriptions.gz").ifPresent(table::load);
        return table;
    }

    private void load(byte[] gz) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new GZIPInputStream(new ByteArrayInputStream(gz)),
                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int text = line.indexOf('\t', line.indexOf('\t') + 1);
                texts.put(line.substring(0, text), line.substring(text + 1).translateEscapes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("descriptions.gz of the schema bundle cannot be read", e);
        }
    }

    @Override
    public String of(String type) {
        return of(type, "");
    }

    @Override
    public String of(String type, String field) {
        return texts.getOrDefault(type + "\t" + field, "");
    }
}
