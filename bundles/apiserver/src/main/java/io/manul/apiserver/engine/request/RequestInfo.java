package io.manul.apiserver.engine.request;

import io.manul.api.http.Exchange;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a request's path, method and query ask for (Kubernetes, "API concepts", resource URIs; "Authorization", request verbs).
 *
 * @param resourceRequest false for paths such as /version; then only verb and path mean something
 * @param group           empty for core
 * @param namespace       empty for cluster-scoped kinds and for all namespaces
 * @param name            empty for collections
 * @param subresource     empty for the object itself
 * @param rest            what follows the sub-resource, without a leading slash (proxies)
 * @param depth           path segments behind the version
 */
public record RequestInfo(boolean resourceRequest, String verb, String path, String group, String version, String resource,
        String namespace, String name, String subresource, String rest, int depth) {

    /** Behind {@code namespaces/NAME} these belong to the namespace itself. */
    private static final Set<String> OF_NAMESPACE = Set.of("status", "finalize");

    public static RequestInfo of(Exchange x) {
        return of(x.method(), x.path(), truth(x, "watch"), x.parameter("fieldSelector").orElse(""));
    }

    private static RequestInfo of(String method, String path, boolean watch, String fieldSelector) {
        List<String> parts = Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).toList();
        boolean core = parts.size() >= 3 && parts.get(0).equals("api");
        boolean grouped = parts.size() >= 4 && parts.get(0).equals("apis");
        if (!core && !grouped) {
            return other(method, path);
        }
        String group = core ? "" : parts.get(1);
        String version = parts.get(core ? 1 : 2);
        List<String> rest = parts.subList(core ? 2 : 3, parts.size());
        String verb = verb(method);
        if (rest.getFirst().equals("watch") && rest.size() > 1) {
            verb = "watch";
            rest = rest.subList(1, rest.size());
        }
        int depth = rest.size();
        String namespace = "";
        if (rest.getFirst().equals("namespaces") && rest.size() > 1) {
            namespace = rest.get(1);
            if (rest.size() > 2 && !OF_NAMESPACE.contains(rest.get(2))) {
                rest = rest.subList(2, rest.size());
            }
        }
        String resource = rest.getFirst();
        String name = rest.size() > 1 ? rest.get(1) : "";
        String sub = rest.size() > 2 ? rest.get(2) : "";
        String tail = rest.size() > 3 ? String.join("/", rest.subList(3, rest.size())) : "";
        if (name.isEmpty() && verb.equals("get")) {
            verb = watch ? "watch" : "list";
            name = named(fieldSelector).orElse("");
        } else if (name.isEmpty() && verb.equals("delete")) {
            verb = "deletecollection";
        } else if (verb.equals("watch") && name.isEmpty()) {
            name = named(fieldSelector).orElse("");
        }
        return new RequestInfo(true, verb, path, group, version, resource, namespace, name, sub, tail, depth);
    }

    private static RequestInfo other(String method, String path) {
        return new RequestInfo(false, method.toLowerCase(Locale.ROOT), path, "", "", "", "", "", "", "", 0);
    }

    private static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "GET", "HEAD" -> "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> method.toLowerCase(Locale.ROOT);
        };
    }

    /** A parameter that is there is true, unless it says "false" or "0" (apimachinery's conversion of query strings). */
    static boolean truth(Exchange x, String parameter) {
        return x.parameter(parameter).filter(v -> !v.equals("0") && !v.equalsIgnoreCase("false")).isPresent();
    }

    /** A list of one named object is authorized as access to that object. */
    private static Optional<String> named(String fieldSelector) {
        for (String term : fieldSelector.split(",")) {
            if (term.startsWith("metadata.name=") && !term.contains("!=")) {
                return Optional.of(term.substring(term.lastIndexOf('=') + 1));
            }
        }
        return Optional.empty();
    }

    /** "GROUP/VERSION", or "v1". */
    public String groupVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The one object that a list or watch is limited to is not in its path. */
    public boolean collection() {
        return verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection");
    }
}
