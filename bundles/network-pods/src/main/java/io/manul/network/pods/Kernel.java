package io.manul.network.pods;

import io.manul.json.Json;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.util.List;

/** iproute2: many changes in one process, and what is there as JSON. */
record Kernel(Tool tool) {

    /** Routes of this room, so that it finds its own again ({@code ip-route(8)}, protocol). */
    static final String PROTOCOL = "76";

    /** Every line is tried; what fails is told at the end. */
    void change(String program, List<String> lines) throws IOException, InterruptedException {
        if (!lines.isEmpty()) {
            tool.run(String.join("\n", lines) + "\n", program, "-force", "-batch", "-");
        }
    }

    List<Obj> show(String... command) throws IOException, InterruptedException {
        String text = tool.run("", command).strip();
        try {
            return text.isEmpty() ? List.of() : Json.parse(text) instanceof List<?> l ? l.stream().flatMap(o -> Obj.from(o).stream()).toList() : List.of();
        } catch (JsonException e) {
            throw new IOException("`" + String.join(" ", command) + "` printed what is not JSON: " + e.getMessage(), e);
        }
    }

    /** Routes of this room. */
    List<Obj> routes(Family family) throws IOException, InterruptedException {
        return show("ip", family.flag(), "-j", "route", "show", "table", "main", "proto", PROTOCOL);
    }

    /** Empty when there is no such interface. */
    List<Obj> link(String device) throws IOException, InterruptedException {
        return show("ip", "-j", "-d", "link", "show").stream().filter(l -> l.text("ifname").equals(device)).toList();
    }
}
