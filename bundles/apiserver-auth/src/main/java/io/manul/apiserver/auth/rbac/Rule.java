package io.manul.apiserver.auth.rbac;

import io.manul.apiserver.spi.Attributes;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

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

    /** Whether this rule covers one cell of another: for escalation checks. @param name empty for a rule without names */
    boolean covers(String verb, String group, String resource, Optional<String> name) {
        return has(verbs, verb) && has(groups, group)
                && (resources.contains("*") || resources.contains(resource)
                        || resource.contains("/") && resources.contains("*" + resource.substring(resource.indexOf('/'))))
                && (names.isEmpty() || name.isPresent() && names.contains(name.get()));
    }

    /** Whether some of the rules cover every cell of this one. */
    boolean coveredBy(List<Rule> rules) {
        for (String verb : verbs) {
            if (!paths.stream().allMatch(p -> rules.stream().anyMatch(r -> r.coversPath(verb, p)))) {
                return false;
            }
            for (String group : groups) {
                for (String resource : resources) {
                    if (!wantedNames().stream().allMatch(n -> rules.stream().anyMatch(r -> r.covers(verb, group, resource, n)))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** The names as cells: one without a name when there are none. */
    List<Optional<String>> wantedNames() {
        return names.isEmpty() ? List.of(Optional.empty()) : names.stream().map(Optional::of).toList();
    }

    boolean coversPath(String verb, String path) {
        return has(verbs, verb) && paths.stream().anyMatch(p -> path(p, path));
    }
}
