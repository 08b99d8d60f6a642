package io.manul.apiserver.spi;

import io.manul.json.Obj;
import java.util.List;

/** A refusal with its {@code meta/v1 Status}, in upstream's wording. No stack trace: it is an answer, not a fault. */
public final class ApiException extends Exception {

    private final int code;
    private final transient Obj status;

    public ApiException(int code, String reason, String message, Obj details) {
        super(message, null, false, false);
        this.code = code;
        this.status = Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Failure",
                "message", message, "reason", reason.isEmpty() ? null : reason, "details", details, "code", code);
    }

    public int code() {
        return code;
    }

    public String reason() {
        return status.text("reason");
    }

    public Obj status() {
        return status;
    }

    /** "deployments.apps", "pods". */
    public static String groupResource(String group, String resource) {
        return group.isEmpty() ? resource : resource + "." + group;
    }

    private static Obj details(String group, String kind, String name) {
        return Obj.of("name", name.isEmpty() ? null : name, "group", group.isEmpty() ? null : group,
                "kind", kind.isEmpty() ? null : kind);
    }

    public static ApiException notFound(String group, String resource, String name) {
        return new ApiException(404, "NotFound", groupResource(group, resource) + " \"" + name + "\" not found",
                details(group, resource, name));
    }

    /** No such path or resource at all. */
    public static ApiException noResource() {
        return new ApiException(404, "NotFound", "the server could not find the requested resource", Obj.of());
    }

    public static ApiException alreadyExists(String group, String resource, String name) {
        return new ApiException(409, "AlreadyExists", groupResource(group, resource) + " \"" + name + "\" already exists",
                details(group, resource, name));
    }

    public static ApiException conflict(String group, String resource, String name, String why) {
        return new ApiException(409, "Conflict", "Operation cannot be fulfilled on " + groupResource(group, resource) + " \""
                + name + "\": " + why, details(group, resource, name));
    }

    /** The stored object changed since the caller read it. */
    public static ApiException modified(String group, String resource, String name) {
        return conflict(group, resource, name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiException forbidden(String group, String resource, String name, String why) {
        String what = groupResource(group, resource) + (name.isEmpty() ? "" : " \"" + name + "\"");
        return new ApiException(403, "Forbidden", (what.isEmpty() ? "forbidden" : what + " is forbidden") + ": " + why,
                details(group, resource, name));
    }

    public static ApiException unauthorized() {
        return new ApiException(401, "Unauthorized", "Unauthorized", null);
    }

    public static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message, null);
    }

    public static ApiException methodNotAllowed(String group, String resource, String verb) {
        return new ApiException(405, "MethodNotAllowed", verb + " is not supported on resources of kind \""
                + groupResource(group, resource) + "\"", details(group, resource, ""));
    }

    public static ApiException notAcceptable(String accepted) {
        return new ApiException(406, "NotAcceptable",
                "only the following media types are accepted: " + accepted, null);
    }

    public static ApiException unsupportedMediaType(String type, String accepted) {
        return new ApiException(415, "UnsupportedMediaType", "the body of the request was in an unknown format ("
                + type + ") - accepted media types include: " + accepted, null);
    }

    /** 410: the resource version or continue token is too old. */
    public static ApiException expired(String message) {
        return new ApiException(410, "Expired", message, null);
    }

    public static ApiException tooLarge(String message) {
        return new ApiException(413, "RequestEntityTooLarge", message, null);
    }

    public static ApiException tooManyRequests(String message, int retryAfterSeconds) {
        return new ApiException(429, "TooManyRequests", message, Obj.of("retryAfterSeconds", retryAfterSeconds));
    }

    public static ApiException internal(String message) {
        return new ApiException(500, "InternalError", "Internal error occurred: " + message,
                Obj.of("causes", List.of(Obj.of("message", message))));
    }

    /** What Kubernetes has and this server has not yet; docs/deviations.md names it. */
    public static ApiException notImplemented(String message) {
        return new ApiException(501, "NotImplemented", message, null);
    }

    public static ApiException unavailable(String message) {
        return new ApiException(503, "ServiceUnavailable", message, Obj.of("retryAfterSeconds", 1));
    }

    /** 422 from field errors. */
    public static ApiException invalid(String group, String kind, String name, FieldErrors errors) {
        Obj details = details(group, kind, name).put("causes", errors.causes());
        String what = groupResource(group, kind);
        return new ApiException(422, "Invalid", what + " \"" + name + "\" is invalid: " + errors.message(), details);
    }
}
