package io.manul.schema.distill;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the committed tables from the published data files of a Kubernetes minor (facts only, no texts), so that the next
 * minor is one run and a review. Arguments: the folder with swagger.json, openapi-v3 and discovery; the folder to write to;
 * the hand-written enums.txt. With {@code check} before the folder, it compares the committed tables with that folder instead.
 */
public final class Distiller {

    private Distiller() {
    }

    public static void main(String[] args) throws IOException {
        if (args.length == 2 && args[0].equals("check")) {
            List<String> problems = new Check(Path.of(args[1])).run();
            problems.forEach(System.out::println);
            System.out.println(problems.size() + " differences");
            System.exit(problems.isEmpty() ? 0 : 1);
        }
        if (args.length != 3) {
            System.err.println("usage: Distiller KUBERNETES-FOLDER TARGET-FOLDER ENUMS.TXT | Distiller check KUBERNETES-FOLDER");
            System.exit(2);
        }
        Path source = Path.of(args[0]);
        TypeWriter types = new TypeWriter(schemas(source), kinds(source), Enums.read(Path.of(args[2])));
        Files.writeString(Path.of(args[1], "types.txt"), types.text());
        Files.writeString(Path.of(args[1], "resources.txt"), new ResourceWriter(source, types).text());
    }

    /** All schemas of all OpenAPI v3 documents, which also state defaults, by name. */
    static Obj schemas(Path source) throws IOException {
        Obj all = Obj.of();
        try (Stream<Path> files = Files.list(source.resolve("openapi-v3"))) {
            for (Path file : files.sorted().toList()) {
                parse(file).at("components", "schemas").map().forEach((name, schema) -> {
                    if (!all.has(name)) {
                        all.put(name, schema);
                    }
                });
            }
        }
        return all;
    }

    /** The definitions of the v2 document, which lists every kind of the shared options. */
    static Obj kinds(Path source) throws IOException {
        return parse(source.resolve("swagger.json")).at("definitions");
    }

    static Obj parse(Path file) throws IOException {
        return Obj.from(Json.parse(Files.readAllBytes(file))).orElseThrow();
    }
}
