package io.manul.apiserver.openapi;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * OpenAPI 2.0 in protobuf: message openapi.v2.Document of gnostic's OpenAPIv2.proto, by its published field numbers; what we
 * never say is left out. Paths and definitions are written one by one, each as a Document field of its own: a reader merges
 * the occurrences of an embedded message ("Protocol Buffers, Encoding: Last One Wins"). Extensions and other free values are
 * YAML there, and JSON is YAML.
 */
final class OpenApiV2Proto {

    private final OutputStream out;

    OpenApiV2Proto(OutputStream out) {
        this.out = out;
    }

    void head(String title, String version) throws IOException {
        Proto document = new Proto();
        document.text(1, "2.0");
        document.message(2, info -> info.text(1, title).text(2, version));
        document.writeTo(out);
    }

    void path(String name, Obj path) throws IOException {
        Proto document = new Proto();
        document.message(8, paths -> paths.message(2, named -> named.text(1, name).message(2, item -> path(item, path))));
        document.writeTo(out);
    }

    void definition(String name, Obj schema) throws IOException {
        Proto document = new Proto();
        document.message(9, definitions -> namedSchema(definitions, 1, name, schema));
        document.writeTo(out);
    }

    private static void path(Proto item, Obj path) {
        Map<String, Integer> methods = Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "patch", 8);
        path.map().forEach((key, value) -> {
            if (methods.containsKey(key)) {
                item.message(methods.get(key), o -> operation(o, obj(value)));
            }
        });
        parameters(item, 9, path);
    }

    private static void operation(Proto out, Obj operation) {
        out.text(3, operation.text("description")).text(5, operation.text("operationId"));
        operation.strings("produces").forEach(m -> out.text(6, m));
        operation.strings("consumes").forEach(m -> out.text(7, m));
        parameters(out, 8, operation);
        out.message(9, responses -> operation.at("responses").map().forEach((code, answer) -> responses.message(1,
                named -> named.text(1, code).message(2, value -> value.message(1, r -> response(r, obj(answer)))))));
        extensions(out, 13, operation);
    }

    private static void response(Proto out, Obj response) {
        out.text(1, response.text("description"));
        response.object("schema").ifPresent(s -> out.message(2, item -> item.message(1, m -> schema(m, s))));
    }

    /** ParametersItem, Parameter, then what the place of the parameter asks for. */
    private static void parameters(Proto out, int field, Obj owner) {
        for (Obj p : owner.objects("parameters")) {
            out.message(field, item -> item.message(1, parameter -> {
                if (p.text("in").equals("body")) {
                    parameter.message(1, body -> body.text(2, p.text("name")).text(3, "body").flag(4, p.flag("required"))
                            .message(5, s -> schema(s, p.at("schema"))));
                } else {
                    boolean query = p.text("in").equals("query");
                    parameter.message(2, other -> other.message(query ? 3 : 4, m -> m.flag(1, p.flag("required"))
                            .text(2, p.text("in")).text(3, p.text("description")).text(4, p.text("name"))
                            .text(query ? 6 : 5, p.text("type")).flag(query ? 20 : 19, p.flag("uniqueItems"))));
                }
            }));
        }
    }

    private static void namedSchema(Proto out, int field, String name, Obj schema) {
        out.message(field, named -> named.text(1, name).message(2, s -> schema(s, schema)));
    }

    private static void schema(Proto out, Obj s) {
        out.text(1, s.text("$ref")).text(2, s.text("format")).text(3, s.text("title")).text(4, s.text("description"));
        if (s.map().containsKey("default")) {
            any(out, 5, s.get("default"));
        }
        numbers(out, s);
        s.strings("required").forEach(r -> out.text(19, r));
        if (s.get("enum") instanceof List<?> values) {
            values.forEach(v -> any(out, 20, v));
        }
        switch (s.get("additionalProperties")) {
            case Boolean allowed -> out.message(21, item -> item.presentFlag(2, allowed));
            case null -> { }
            case Object values -> out.message(21, item -> item.message(1, m -> schema(m, obj(values))));
        }
        s.string("type").ifPresent(t -> out.message(22, type -> type.text(1, t)));
        s.object("items").ifPresent(i -> out.message(23, items -> items.message(1, m -> schema(m, i))));
        s.objects("allOf").forEach(a -> out.message(24, m -> schema(m, a)));
        s.object("properties").ifPresent(p -> out.message(25, properties -> p.map().forEach(
                (name, value) -> namedSchema(properties, 1, name, obj(value)))));
        if (s.has("example")) {
            any(out, 30, s.get("example"));
        }
        extensions(out, 31, s);
    }

    private static void numbers(Proto out, Obj s) {
        out.number(6, s.get("multipleOf")).number(7, s.get("maximum")).flag(8, s.flag("exclusiveMaximum"))
                .number(9, s.get("minimum")).flag(10, s.flag("exclusiveMinimum"));
        s.number("maxLength").ifPresent(n -> out.integer(11, n));
        s.number("minLength").ifPresent(n -> out.integer(12, n));
        out.text(13, s.text("pattern"));
        s.number("maxItems").ifPresent(n -> out.integer(14, n));
        s.number("minItems").ifPresent(n -> out.integer(15, n));
        out.flag(16, s.flag("uniqueItems"));
        s.number("maxProperties").ifPresent(n -> out.integer(17, n));
        s.number("minProperties").ifPresent(n -> out.integer(18, n));
    }

    private static void extensions(Proto out, int field, Obj owner) {
        owner.map().forEach((key, value) -> {
            if (key.startsWith("x-")) {
                out.message(field, named -> any(named.text(1, key), 2, value));
            }
        });
    }

    private static void any(Proto out, int field, Object value) {
        out.message(field, any -> any.text(2, Json.text(value)));
    }

    private static Obj obj(Object value) {
        return Obj.from(value).orElseGet(Obj::of);
    }
}
