package io.manul.helm.template.go;

import java.util.Map;

/** A Go struct, or a pointer to one: fields and methods by name. */
public interface Struct {

    /** As {@code %T} prints it. */
    String type();

    /** Exported fields in order. */
    Map<String, Object> fields();

    /** The method, or null. */
    default Func method(String name) {
        return null;
    }

    /** What {@code String()} or {@code Error()} says, or null when it has none. */
    default String text() {
        return null;
    }

    /** What encoding/json sees: the text where the type marshals itself, else fields under their JSON names. */
    default Object json() {
        return text() != null ? text() : fields();
    }

    /** Whether it is a pointer: prints with an ampersand, has kind {@code ptr}. */
    default boolean pointer() {
        return false;
    }
}
