package io.manul.manifests;

import java.nio.file.Path;
import java.util.Locale;

/** A file of the folder. @param modifiedMillis 0 means: look at its content every time (NixOS sets the epoch) */
record ManifestFile(Path path, long modifiedMillis) {

    /** The AddOn's name: the base name up to the first dot. */
    String addOn() {
        String name = path.getFileName().toString();
        return name.substring(0, name.indexOf('.'));
    }

    /** The base name without its last extension: what {@code --disable} names. */
    String disableName() {
        String name = path.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    static boolean named(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }
}
