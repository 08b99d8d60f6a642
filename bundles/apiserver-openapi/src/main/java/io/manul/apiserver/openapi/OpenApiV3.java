package io.manul.apiserver.openapi;

import com.fasterxml.jackson.core.JsonGenerator;
import io.manul.apiserver.openapi.Api.Version;
import io.manul.json.Json;
import io.manul.json.Obj;
import io.manul.schema.GroupVersionKind;
import io.manul.schema.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** One group version as an OpenAPI 3.0 document, and the index over them (Kubernetes page "The Kubernetes API", OpenAPI V3). */
final class OpenApiV3 {

    private final Schema schema;

    OpenApiV3(Schema schema) {
        this.schema = schema;
    }

    /** @param hash of one version's document */
    static Obj index(Api api, Function<Version, String> hash) {
        Obj paths = Obj.of();
        for (Version version : api.all()) {
            paths.put(version.path(), Obj.of("serverRelativeURL", "/openapi/v3/" + version.path() + "?hash=" + hash.apply(version)));
        }
        return Obj.of("paths", paths);
    }

    void write(Version version, OutputStream out) throws IOException {
        List<Operation> operations = Operations.of(schema, version);
        try (JsonGenerator json = Json.factory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("openapi", "3.0.0");
            json.writeFieldName("info");
            Json.write(json, Obj.of("title", "Kubernetes", "version", "v1.36.0"));
            json.writeObjectFieldStart("paths");
            for (Map.Entry<String, Obj> path : paths(operations).entrySet()) {
                json.writeFieldName(path.getKey());
                Json.write(json, path.getValue());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("components");
            json.writeObjectFieldStart("schemas");
            schemas(json, version, operations);
            json.writeEndObject();
            json.writeFieldName("securitySchemes");
            Json.write(json, Obj.of("BearerToken", Obj.of("type", "apiKey", "in", "header", "name", "authorization",
                    "description", "A bearer token.")));
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private void schemas(JsonGenerator json, Version version, List<Operation> operations) throws IOException {
        Definitions definitions = new Definitions(schema, schema.descriptions(), Dialect.V3);
        TreeSet<String> names = new TreeSet<>();
        definitions.closure(version, operations, names);
        for (String name : names) {
            json.writeFieldName(name);
            Json.write(json, definitions.of(schema.type(name).orElseThrow(), k -> shown(k, version)));
        }
        for (DynamicTypes.CustomKind custom : version.custom()) {
            json.writeFieldName(CustomDefinitions.name(custom.resource(), custom.resource().kind()));
            Json.write(json, CustomDefinitions.object(custom, Dialect.V3));
            json.writeFieldName(CustomDefinitions.name(custom.resource(), custom.resource().listKind()));
            Json.write(json, CustomDefinitions.list(custom.resource(), Dialect.V3));
        }
    }

    /** Of the shared options, the core form and this version's. */
    private static boolean shown(GroupVersionKind kind, Version version) {
        return kind.group().isEmpty() && kind.version().equals("v1")
                || kind.group().equals(version.group()) && kind.version().equals(version.version());
    }

    private static Map<String, Obj> paths(List<Operation> operations) {
        Map<String, Obj> paths = new LinkedHashMap<>();
        for (Operation o : operations) {
            Obj path = paths.computeIfAbsent(o.path(), p -> Obj.of());
            path.put(o.method(), operation(o));
            if (!o.pathParameters().isEmpty()) {
                path.put("parameters", o.pathParameters().stream().map(n -> parameter(n, "path").put("required", true)).toList());
            }
        }
        return paths;
    }

    private static Obj operation(Operation o) {
        Obj answer = Obj.of("description", o.code() == 201 ? "Created" : "OK", "content",
                Obj.of(o.produces(), Obj.of("schema", reference(o.response()))));
        Obj out = Obj.of("description", o.description(), "operationId", o.id(), "parameters",
                o.query().isEmpty() ? null : new ArrayList<>(o.query().stream().map(n -> parameter(n, "query")).toList()),
                "responses", Obj.of(Integer.toString(o.code()), answer, "401", Obj.of("description", "Unauthorized")));
        if (!o.body().isEmpty()) {
            Obj content = Obj.of();
            o.consumes().forEach(m -> content.put(m, Obj.of("schema", reference(o.body()))));
            out.put("requestBody", Obj.of("content", content));
        }
        if (!o.action().isEmpty()) {
            out.put("x-kubernetes-action", o.action()).put("x-kubernetes-group-version-kind", Definitions.kind(o.kind()));
        }
        return out;
    }

    private static Obj reference(String type) {
        return type.isEmpty() ? Obj.of("type", "string") : Obj.of("$ref", Dialect.V3.ref(type));
    }

    private static Obj parameter(String name, String in) {
        Parameters.Parameter p = Parameters.of(name);
        return Obj.of("name", name, "in", in, "description", p.text(), "schema", Obj.of("type", p.type(), "uniqueItems", true));
    }
}
