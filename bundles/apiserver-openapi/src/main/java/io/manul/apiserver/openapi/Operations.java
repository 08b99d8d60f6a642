package io.manul.apiserver.openapi;

import io.manul.schema.GroupVersionKind;
import io.manul.schema.Resource;
import io.manul.schema.Schema;
import io.manul.schema.Subresource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The operations of one group version, by the verbs of its resources; named as upstream names them. */
final class Operations {

    private static final String JSON = "application/json";
    private static final List<String> CONNECT = List.of("get", "create", "update", "patch", "delete");

    private final Schema schema;
    private final Api.Version version;
    private final List<Operation> out = new ArrayList<>();

    private Operations(Schema schema, Api.Version version) {
        this.schema = schema;
        this.version = version;
    }

    static List<Operation> of(Schema schema, Api.Version version) {
        Operations operations = new Operations(schema, version);
        operations.out.add(new Operation("/" + version.path() + "/", "get", "", "get" + operations.prefix() + "APIResources",
                "the resources of this version", List.of(), List.of(), "", JSON, Definitions.META + "APIResourceList", 200,
                new GroupVersionKind("", "", "")));
        version.resources().forEach(operations::resource);
        return operations.out;
    }

    private void resource(Resource r) {
        String collection = "/" + version.path() + (r.namespaced() ? "/namespaces/{namespace}/" : "/") + r.plural();
        String scoped = (r.namespaced() ? "Namespaced" : "") + r.kind();
        if (r.namespaced() && r.allows("list")) {
            add("/" + version.path() + "/" + r.plural(), "get", "list", "list", r.kind() + "ForAllNamespaces", "objects of kind "
                    + r.kind(), Parameters.LIST, r, r.kind(), "", r.listKind());
        }
        if (r.allows("list")) {
            add(collection, "get", "list", "list", scoped, "objects of kind " + r.kind(), Parameters.LIST, r, r.kind(), "",
                    r.listKind());
        }
        if (r.allows("create")) {
            add(collection, "post", "post", "create", scoped, "a " + r.kind(), Parameters.WRITE, r, r.kind(), r.kind(), r.kind());
        }
        if (r.allows("deletecollection")) {
            add(collection, "delete", "deletecollection", "delete", "Collection" + scoped, "a collection of " + r.kind(),
                    Parameters.DELETE_COLLECTION, r, r.kind(), "DeleteOptions", "Status");
        }
        String one = collection + "/{name}";
        object(r, one, scoped);
        r.subresources().forEach(s -> subresource(r, s, one + "/" + s.name(), scoped + capital(s.name())));
    }

    private void object(Resource r, String path, String scoped) {
        if (r.allows("get")) {
            add(path, "get", "get", "read", scoped, "the " + r.kind(), List.of(), r, r.kind(), "", r.kind());
        }
        if (r.allows("update")) {
            add(path, "put", "put", "replace", scoped, "the " + r.kind(), Parameters.WRITE, r, r.kind(), r.kind(), r.kind());
        }
        if (r.allows("patch")) {
            add(path, "patch", "patch", "patch", scoped, "the " + r.kind(), Parameters.PATCH, r, r.kind(), "Patch", r.kind());
        }
        if (r.allows("delete")) {
            add(path, "delete", "delete", "delete", scoped, "the " + r.kind(), Parameters.DELETE, r, r.kind(), "DeleteOptions",
                    "Status");
        }
    }

    private void subresource(Resource r, Subresource s, String path, String scoped) {
        if (s.kind().endsWith("Options")) {
            CONNECT.stream().filter(s.verbs()::contains).forEach(verb -> out.add(new Operation(path, method(verb), "connect",
                    "connect" + prefix() + capital(method(verb)) + scoped, "connect " + method(verb).toUpperCase(Locale.ROOT)
                            + " requests to " + s.name() + " of " + r.kind(), Parameters.ofSubresource(s.name()), List.of(), "",
                    "*/*", "", 200, s.groupVersionKind())));
            return;
        }
        String type = type(r, s.groupVersionKind());
        for (String verb : CONNECT) {
            if (s.verbs().contains(verb)) {
                out.add(subresource(r, s, path, scoped, verb, type));
            }
        }
    }

    private Operation subresource(Resource r, Subresource s, String path, String scoped, String verb, String type) {
        boolean log = s.name().equals("log");
        String description = name(verb) + " " + s.name() + " of the " + r.kind();
        return switch (verb) {
            case "get" -> new Operation(path, "get", "get", "read" + prefix() + scoped, description,
                    Parameters.ofSubresource(s.name()), List.of(), "", log ? "text/plain" : JSON, log ? "" : type, 200,
                    s.groupVersionKind());
            case "create" -> new Operation(path, "post", "post", "create" + prefix() + scoped, description, Parameters.WRITE,
                    List.of(JSON), type, JSON, type, 201, s.groupVersionKind());
            case "patch" -> new Operation(path, "patch", "patch", "patch" + prefix() + scoped, description, Parameters.PATCH,
                    patches(), Definitions.META + "Patch", JSON, type, 200, s.groupVersionKind());
            case "delete" -> new Operation(path, "delete", "delete", "delete" + prefix() + scoped, description,
                    Parameters.DELETE, List.of(JSON), Definitions.META + "DeleteOptions", JSON, Definitions.META + "Status", 200,
                    s.groupVersionKind());
            default -> new Operation(path, "put", "put", "replace" + prefix() + scoped, description, Parameters.WRITE,
                    List.of(JSON), type, JSON, type, 200, s.groupVersionKind());
        };
    }

    private void add(String path, String method, String action, String name, String scoped, String what, List<String> query,
            Resource r, String kind, String body, String response) {
        List<String> consumes = body.isEmpty() ? List.of() : body.equals("Patch") ? patches() : List.of(JSON);
        out.add(new Operation(path, method, action, name + prefix() + scoped, name + " " + what, query, consumes,
                typeName(r, body), JSON, typeName(r, response), method.equals("post") ? 201 : 200,
                new GroupVersionKind(r.group(), r.version(), kind)));
    }

    /** Custom kinds have no strategic merge patch. Apply patches follow when server-side apply is served. */
    private List<String> patches() {
        return version.custom().isEmpty()
                ? List.of("application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json")
                : List.of("application/json-patch+json", "application/merge-patch+json");
    }

    private String typeName(Resource r, String kind) {
        return switch (kind) {
            case "" -> "";
            case "Patch", "DeleteOptions", "Status" -> Definitions.META + kind;
            default -> type(r, new GroupVersionKind(r.group(), r.version(), kind));
        };
    }

    private String type(Resource r, GroupVersionKind kind) {
        return schema.typeOf(kind).map(t -> t.name()).orElseGet(() -> CustomDefinitions.name(r, kind.kind()));
    }

    /** {@code CoreV1}, {@code RbacAuthorizationV1}, {@code StableExampleComV1}. */
    private String prefix() {
        StringBuilder name = new StringBuilder();
        String group = version.group().isEmpty() ? "core" : version.group().replaceAll("\\.k8s\\.io$", "");
        for (String part : group.split("[.-]")) {
            name.append(capital(part));
        }
        return name.append(capital(version.version())).toString();
    }

    private static String method(String verb) {
        return switch (verb) {
            case "create" -> "post";
            case "update" -> "put";
            default -> verb;
        };
    }

    private static String name(String verb) {
        return switch (verb) {
            case "get" -> "read";
            case "update" -> "replace";
            default -> verb;
        };
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
