package io.manul.runtime;

import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A distribution in the OSGi feature format (OSGi Compendium 8.1, ch. 159): bundles by id
 * {@code group:artifact:version[:type[:classifier]]}, with the start level as metadata {@code start-order} and the rooms
 * that the updater begins marked {@code manul-component}; a room with {@code manul-wakes-with} sleeps until one of these
 * collections of the API has an object ({@code /apis/batch/v1/jobs}), or, with {@code call}, until somebody asks it something. {@code manul-disabled-by}: other names that {@code --disable} takes for it.
 */
record Feature(String id, List<Entry> bundles) {

    record Entry(String id, int startLevel, boolean component, List<String> wakesWith, List<String> disabledBy) {

        /** The file name of the jar in a distribution's {@code lib}. */
        String file() {
            String[] p = id.split(":");
            return p[1] + "-" + p[2] + (p.length > 4 ? "-" + p[4] : "") + ".jar";
        }

        boolean wanted(List<String> disable) {
            return !disable.contains(room()) && disabledBy.stream().noneMatch(disable::contains);
        }

        String room() {
            return id.split(":")[1];
        }
    }

    static Feature read(Path file) throws IOException {
        try {
            Obj root = Obj.parse(Files.readAllBytes(file));
            List<Entry> entries = new ArrayList<>();
            for (Obj b : root.objects("bundles")) {
                if (b.text("id").split(":").length < 3) {
                    throw new IOException(file + ": bundle id \"" + b.text("id") + "\" is not group:artifact:version");
                }
                entries.add(new Entry(b.text("id"), (int) b.number("start-order").orElse(5), b.flag("manul-component"),
                        b.strings("manul-wakes-with"), b.strings("manul-disabled-by")));
            }
            return new Feature(root.text("id"), entries);
        } catch (JsonException e) {
            throw new IOException(file + " is not a feature: " + e.getMessage());
        }
    }
}
