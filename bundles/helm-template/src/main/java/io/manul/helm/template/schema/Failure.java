package io.manul.helm.template.schema;

import java.util.ArrayList;
import java.util.List;

/** Something that is not as the schema wants it, with what lies behind it. */
record Failure(String path, String message, boolean reference, List<Failure> causes) {

    static final String GROUP = "validation failed";

    static Failure of(String path, String message) {
        return new Failure(path, message, false, List.of());
    }

    /** One failure stands alone, several in a group; null for none. */
    static Failure group(String path, List<Failure> all) {
        return switch (all.size()) {
            case 0 -> null;
            case 1 -> all.getFirst();
            default -> new Failure(path, GROUP, false, new ArrayList<>(all));
        };
    }

    void write(StringBuilder b, int indent) {
        int next = indent;
        if (!reference || causes.size() != 1) {
            b.repeat("  ", indent).append("- at ").append(Quote.single(path)).append(": ").append(message).append('\n');
            next++;
        }
        for (Failure f : causes) {
            f.write(b, next);
        }
    }
}
