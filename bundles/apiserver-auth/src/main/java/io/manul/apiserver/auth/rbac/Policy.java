package io.manul.apiserver.auth.rbac;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Reader;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All roles and bindings, compiled; built anew when one of them was written. Immutable.
 */
final class Policy {

    static final String GROUP = "rbac.authorization.k8s.io";

    private record Binding(List<Obj> subjects, String kind, String role, String namespace) {
    }

    private final Map<String, List<Rule>> clusterRoles = new HashMap<>();
    private final Map<String, List<Rule>> roles = new HashMap<>();
    private final List<Binding> clusterBindings = new ArrayList<>();
    private final Map<String, List<Binding>> bindings = new HashMap<>();

    static long generation(Reader reader) {
        long sum = 0;
        for (String r : List.of("roles", "clusterroles", "rolebindings", "clusterrolebindings")) {
            sum = sum * 31 + reader.generation(GROUP, r);
        }
        return sum;
    }

    static Policy read(Reader reader) throws ApiException {
        Policy p = new Policy();
        List<Obj> all = reader.list(GROUP, "clusterroles", "");
        for (Obj role : all) {
            p.clusterRoles.put(role.name(), rules(role, all));
        }
        for (Obj role : reader.list(GROUP, "roles", "")) {
            p.roles.put(role.namespace() + "/" + role.name(), rules(role, List.of()));
        }
        for (Obj b : reader.list(GROUP, "clusterrolebindings", "")) {
            p.clusterBindings.add(binding(b));
        }
        for (Obj b : reader.list(GROUP, "rolebindings", "")) {
            p.bindings.computeIfAbsent(b.namespace(), n -> new ArrayList<>()).add(binding(b));
        }
        return p;
    }

    /**
     * An aggregated role has the rules of the roles that its selectors match, which may aggregate in turn, each rule once. Its
     * stored rules are what a controller writes for people to read: they lag, and so they do not count.
     */
    private static List<Rule> rules(Obj role, List<Obj> all) {
        List<Rule> rules = new ArrayList<>();
        collect(role, all, rules, new HashSet<>());
        return rules.stream().distinct().toList();
    }

    /** @param seen names of the roles taken in, so that circles end */
    private static void collect(Obj role, List<Obj> all, List<Rule> rules, Set<String> seen) {
        if (!seen.add(role.name())) {
            return;
        }
        if (!role.has("aggregationRule")) {
            role.objects("rules").forEach(r -> rules.add(Rule.of(r)));
            return;
        }
        for (Obj selector : role.objects("aggregationRule", "clusterRoleSelectors")) {
            Selector s = Selector.of(selector);
            all.stream().filter(r -> s.matches(r.labels())).forEach(r -> collect(r, all, rules, seen));
        }
    }

    private static Binding binding(Obj b) {
        return new Binding(b.objects("subjects"), b.text("roleRef", "kind"), b.text("roleRef", "name"), b.namespace());
    }

    /** Visits the user's rules until one is taken; cluster-wide ones, then those of the namespace. */
    boolean any(User user, String namespace, Predicate<Rule> taken) {
        for (Binding b : clusterBindings) {
            if (applies(b, user) && clusterRoles.getOrDefault(b.role, List.of()).stream().anyMatch(taken)) {
                return true;
            }
        }
        for (Binding b : namespace.isEmpty() ? List.<Binding>of() : bindings.getOrDefault(namespace, List.of())) {
            if (applies(b, user) && rulesOf(b).stream().anyMatch(taken)) {
                return true;
            }
        }
        return false;
    }

    private List<Rule> rulesOf(Binding b) {
        return b.kind.equals("ClusterRole") ? clusterRoles.getOrDefault(b.role, List.of())
                : roles.getOrDefault(b.namespace + "/" + b.role, List.of());
    }

    /** The rules that a role reference stands for; empty when there is no such role. */
    Optional<List<Rule>> referred(String kind, String name, String namespace) {
        return Optional.ofNullable(kind.equals("ClusterRole") ? clusterRoles.get(name) : roles.get(namespace + "/" + name));
    }

    private static boolean applies(Binding b, User user) {
        for (Obj s : b.subjects) {
            boolean matches = switch (s.text("kind")) {
                case "User" -> s.text("name").equals(user.name());
                case "Group" -> user.groups().contains(s.text("name"));
                case "ServiceAccount" -> user.name().equals("system:serviceaccount:"
                        + (s.text("namespace").isEmpty() ? b.namespace : s.text("namespace")) + ":" + s.text("name"));
                default -> false;
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }
}
