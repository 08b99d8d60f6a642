package io.manul.apiserver.auth.rbac;

import io.manul.apiserver.spi.Attributes;
import io.manul.json.Obj;
import java.util.List;

/** One compiled PolicyRule. */
record Rule(List<String> verbs, List<String> groups, List<String> resources, List<String> names, List<String> paths) {

    static Rule of(Obj r) {
        return new Rule(r.strings("verbs"), r.strings("apiGroups"), r.strings("resources"), r.strings("resourceNames"),
                r.strings("nonResourceURLs"));
    }

    boolean allows(Attributes a) {
        if (!has(verbs, a.verb())) {
            return false;
        }
        return a.resourceRequest() ? has(groups, a.group()) && resource(a.resource(), a.subresource())
                && (names.isEmpty() || names.contains(a.name())) : paths.stream().anyMatch(p -> path(p, a.path()));
    }

    private static boolean has(List<String> list, String value) {
        return list.contains("*") || list.contains(value);
    }

    private boolean resource(String resource, String sub) {
        String whole = sub.isEmpty() ? resource : resource + "/" + sub;
        return resources.contains("*") || resources.contains(whole) || !sub.isEmpty() && resources.contains("*/" + sub);
    }

    private static boolean path(String pattern, String path) {
        return pattern.equals("*") || pattern.equals(path)
                || pattern.endsWith("*") && path.startsWith(pattern.substring(0, pattern.length() - 1));
    }

    /** Whether this rule covers one cell of another: for escalation checks. */
    boolean covers(String verb, String group, String resource, String name) {
        return has(verbs, verb) && has(groups, group)
                && (resources.contains("*") || resources.contains(resource)
                        || resource.contains("/") && resources.contains("*" + resource.substring(resource.indexOf('/'))))
                && (names.isEmpty() || names.contains(name));
    }

    boolean coversPath(String verb, String path) {
        return has(verbs, verb) && paths.stream().anyMatch(p -> path(p, path));
    }
}
