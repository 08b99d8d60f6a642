package io.manul.apiserver.openapi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The media ranges of an Accept header (RFC 9110, 12.5.1), the most wanted first. Bounded: what comes after 32 is dropped. */
record Accept(List<Range> ranges) {

    private static final int MAX_RANGES = 32;

    /** @param type in lower case, without parameters */
    record Range(String type, Map<String, String> parameters) {
        private double quality() {
            try {
                return Double.parseDouble(parameters.getOrDefault("q", "1"));
            } catch (NumberFormatException e) {
                return 0; // RFC 9110 leaves a malformed weight open; it is not wanted then
            }
        }

        boolean json() {
            return type.equals("application/json") || type.equals("*/*") || type.equals("application/*");
        }

        String parameter(String name) {
            return parameters.getOrDefault(name, "");
        }
    }

    static Accept parse(String header) {
        List<Range> ranges = new ArrayList<>();
        for (String part : header.split(",", MAX_RANGES + 1)) {
            if (!part.isBlank() && ranges.size() < MAX_RANGES) {
                ranges.add(range(part));
            }
        }
        if (header.isBlank()) {
            ranges.add(new Range("*/*", Map.of()));
        }
        ranges.removeIf(r -> r.quality() <= 0);
        ranges.sort(Comparator.comparingDouble(Range::quality).reversed());
        return new Accept(List.copyOf(ranges));
    }

    private static Range range(String text) {
        String[] parts = text.split(";");
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                parameters.put(parts[i].substring(0, equals).trim().toLowerCase(Locale.ROOT),
                        parts[i].substring(equals + 1).trim());
            }
        }
        return new Range(parts.length == 0 ? "" : parts[0].trim().toLowerCase(Locale.ROOT), parameters);
    }
}
