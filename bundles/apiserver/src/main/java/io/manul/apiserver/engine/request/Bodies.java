package io.manul.apiserver.engine.request;

import io.manul.apiserver.engine.kind.Model;
import io.manul.apiserver.engine.protobuf.BadWire;
import io.manul.apiserver.engine.protobuf.Decoder;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Json;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import io.manul.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Locale;

/** Request bodies: JSON or YAML to objects, with upstream's field validation (Kubernetes, "API concepts", field validation). */
public final class Bodies {

    private static final String ACCEPTED = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    private Bodies() {
    }

    /** The content type without parameters, lower case; JSON when none was given. */
    public static String type(Call call) {
        String header = call.exchange().header("content-type").orElse("application/json");
        return header.split(";")[0].strip().toLowerCase(Locale.ROOT);
    }

    /** The body as a JSON value. @param duplicates takes the paths of keys that stand twice */
    static Object value(String type, byte[] body, List<String> duplicates) throws ApiException {
        try {
            return switch (type) {
                case "application/json", "" -> Json.parse(body, 0, body.length, duplicates::add);
                case "application/yaml" -> Yaml.parse(body);
                case "application/vnd.kubernetes.protobuf" -> new Decoder(Schema.builtIn()).decode(body).map();
                default -> throw ApiException.unsupportedMediaType(type, ACCEPTED);
            };
        } catch (JsonException e) {
            throw ApiException.badRequest("error decoding request: " + e.getMessage());
        } catch (BadWire e) {
            throw ApiException.badRequest("the body is not in the Kubernetes protobuf encoding: " + e.getMessage());
        }
    }

    /** Any object of a body, not checked against a model; empty without a body. */
    public static Obj any(Call call) throws ApiException {
        byte[] body = call.exchange().body();
        if (body.length == 0) {
            return Obj.of();
        }
        return Obj.from(value(type(call), body, new ArrayList<>()))
                .orElseThrow(() -> ApiException.badRequest("the body of the request is not an object"));
    }

    /** The object of a body, checked to be of the given kind and of the model's types; unknown fields are gone. */
    public static Obj object(Call call, String apiVersion, String kind, Model model) throws ApiException {
        List<String> duplicates = new ArrayList<>();
        if (call.exchange().body().length == 0) {
            throw ApiException.badRequest("the body of the request is empty, expected a " + kind);
        }
        Obj object = Obj.from(value(type(call), call.exchange().body(), duplicates))
                .orElseThrow(() -> ApiException.badRequest("the body of the request is not an object"));
        return checked(call, object, apiVersion, kind, model, duplicates);
    }

    /** An object that was read or patched: same checks. */
    public static Obj checked(Call call, Obj object, String apiVersion, String kind, Model model, List<String> duplicates)
            throws ApiException {
        identity(object, apiVersion, kind);
        Model.Decoded found = model.decode(object);
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        String head = kind + " in version \"" + version + "\" cannot be handled as a " + kind + ": ";
        if (!found.wrong().isEmpty()) {
            throw ApiException.badRequest(head + String.join(", ", found.wrong()));
        }
        List<String> strict = new ArrayList<>();
        duplicates.forEach(path -> strict.add("duplicate field \"" + path + "\""));
        found.unknown().forEach(path -> strict.add("unknown field \"" + path + "\""));
        report(call, strict, head);
        return object;
    }

    private static void report(Call call, List<String> strict, String head) throws ApiException {
        switch (call.parameter("fieldValidation")) {
            case "Ignore" -> { }
            case "Strict" -> {
                if (!strict.isEmpty()) {
                    throw ApiException.badRequest(head + "strict decoding error: " + String.join(", ", strict));
                }
            }
            case "", "Warn" -> call.warnings().addAll(strict);
            case String other -> throw call.unsupported("fieldValidation", other, Set.of("Ignore", "Strict", "Warn"));
        }
    }

    private static void identity(Obj object, String apiVersion, String kind) throws ApiException {
        if (object.kind().isEmpty() && object.apiVersion().isEmpty()) {
            object.put("apiVersion", apiVersion).put("kind", kind);
            return;
        }
        if (!object.apiVersion().equals(apiVersion)) {
            throw ApiException.badRequest("the API version in the data (" + object.apiVersion()
                    + ") does not match the expected API version (" + apiVersion + ")");
        }
        if (!object.kind().equals(kind)) {
            throw ApiException.badRequest("the kind in the data (" + object.kind() + ") does not match the expected kind ("
                    + kind + ")");
        }
    }
}
