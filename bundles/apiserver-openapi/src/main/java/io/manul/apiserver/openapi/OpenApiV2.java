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
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that is served as one OpenAPI 2.0 document, as JSON or in the protobuf form that client-go asks for. It is
 * written part by part: the whole is never in memory.
 */
final class OpenApiV2 {

    private static final String TITLE = "Kubernetes";
    private static final String VERSION = "v1.36.0";

    /** Takes one named part. */
    private interface Part {
        void take(String name, Obj content) throws IOException;
    }

    private final Schema schema;
    private final Api api;

    OpenApiV2(Schema schema, Api api) {
        this.schema = schema;
        this.api = api;
    }

    void json(OutputStream out) throws IOException {
        try (JsonGenerator json = Json.factory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("swagger", "2.0");
            json.writeFieldName("info");
            Json.write(json, Obj.of("title", TITLE, "version", VERSION));
            json.writeObjectFieldStart("paths");
            paths((name, path) -> part(json, name, path));
            json.writeEndObject();
            json.writeObjectFieldStart("definitions");
            definitions((name, definition) -> part(json, name, definition));
            json.writeEndObject();
            json.writeFieldName("securityDefinitions");
            Json.write(json, Obj.of("BearerToken", Obj.of("type", "apiKey", "in", "header", "name", "authorization",
                    "description", "A bearer token.")));
            json.writeEndObject();
        }
    }

    void protobuf(OutputStream out) throws IOException {
        OpenApiV2Proto proto = new OpenApiV2Proto(out);
        proto.head(TITLE, VERSION);
        paths(proto::path);
        definitions(proto::definition);
    }

    private static void part(JsonGenerator json, String name, Obj content) throws IOException {
        json.writeFieldName(name);
        Json.write(json, content);
    }

    private void paths(Part part) throws IOException {
        for (Version version : api.all()) {
            Map<String, Obj> paths = new LinkedHashMap<>();
            for (Operation o : Operations.of(schema, version)) {
                Obj path = paths.computeIfAbsent(o.path(), p -> Obj.of()).put(o.method(), operation(o));
                if (!o.pathParameters().isEmpty()) {
                    path.put("parameters", o.pathParameters().stream().map(n -> parameter(n, "path").put("required", true)).toList());
                }
            }
            for (Map.Entry<String, Obj> path : paths.entrySet()) {
                part.take(path.getKey(), path.getValue());
            }
        }
    }

    private static Obj operation(Operation o) {
        List<Obj> parameters = new ArrayList<>(o.query().stream().map(n -> parameter(n, "query")).toList());
        if (!o.body().isEmpty()) {
            parameters.addFirst(Obj.of("name", "body", "in", "body", "required", !o.method().equals("delete"), "schema",
                    Obj.of("$ref", Dialect.V2.ref(o.body()))));
        }
        Obj answer = Obj.of("description", o.code() == 201 ? "Created" : "OK", "schema",
                o.response().isEmpty() ? Obj.of("type", "string") : Obj.of("$ref", Dialect.V2.ref(o.response())));
        Obj out = Obj.of("description", o.description(), "operationId", o.id(), "consumes",
                o.consumes().isEmpty() ? List.of("*/*") : o.consumes(), "produces", List.of(o.produces()), "parameters",
                parameters.isEmpty() ? null : parameters, "responses",
                Obj.of(Integer.toString(o.code()), answer, "401", Obj.of("description", "Unauthorized")));
        return o.action().isEmpty() ? out : out.put("x-kubernetes-action", o.action())
                .put("x-kubernetes-group-version-kind", Definitions.kind(o.kind()));
    }

    private static Obj parameter(String name, String in) {
        Parameters.Parameter p = Parameters.of(name);
        return Obj.of("name", name, "in", in, "description", p.text(), "type", p.type(), "uniqueItems", true);
    }

    private void definitions(Part part) throws IOException {
        Definitions definitions = new Definitions(schema, schema.descriptions(), Dialect.V2);
        Set<String> names = new TreeSet<>();
        for (Version version : api.all()) {
            definitions.closure(version, Operations.of(schema, version), names);
        }
        for (String name : names) {
            part.take(name, definitions.of(schema.type(name).orElseThrow(), this::served));
        }
        for (Version version : api.all()) {
            for (DynamicTypes.CustomKind custom : version.custom()) {
                part.take(CustomDefinitions.name(custom.resource(), custom.resource().kind()),
                        CustomDefinitions.object(custom, Dialect.V2));
                part.take(CustomDefinitions.name(custom.resource(), custom.resource().listKind()),
                        CustomDefinitions.list(custom.resource(), Dialect.V2));
            }
        }
    }

    private boolean served(GroupVersionKind kind) {
        return api.version(kind.group(), kind.version()).isPresent();
    }
}
