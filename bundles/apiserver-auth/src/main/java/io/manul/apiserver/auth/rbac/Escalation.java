package io.manul.apiserver.auth.rbac;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.User;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Nobody gives what they do not have: a role may hold only rules that its writer has (or the verb {@code escalate}), and
 * only a role whose rules the writer has may be bound (or the verb {@code bind}). An aggregation rule may gather anything, so
 * it asks for everything (Kubernetes, "Using RBAC Authorization", privilege escalation prevention).
 */
public final class Escalation implements Admission {

    /** What an aggregation rule may gather. */
    private static final List<Rule> ALL = List.of(new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()),
            new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));

    private final RbacAuthorizer rbac;

    public Escalation(RbacAuthorizer rbac) {
        this.rbac = rbac;
    }

    @Override
    public String name() {
        return "RBACEscalation";
    }

    @Override
    public void validate(Write w) throws ApiException {
        if (!w.resource().group().equals(Policy.GROUP) || w.operation() == Operation.DELETE || w.user().groups().contains("system:masters")) {
            return;
        }
        if (w.old() != null && substance(w.old()).equals(substance(w.object()))) {
            return; // owners and finalizers are the garbage collector's business
        }
        if (w.resource().plural().endsWith("roles")) {
            role(w);
        } else {
            binding(w);
        }
    }

    private void role(Write w) throws ApiException {
        if (may(w, "escalate", w.resource().plural(), w.name())) {
            return;
        }
        check(w, w.object().objects("rules").stream().map(Rule::of).toList());
        boolean aggregates = w.object().has("aggregationRule") || w.old() != null && w.old().has("aggregationRule");
        if (aggregates && !held(w, ALL)) {
            throw ApiException.forbidden(Policy.GROUP, w.resource().plural(), w.name(),
                    "must have cluster-admin privileges to use an aggregationRule");
        }
    }

    private void binding(Write w) throws ApiException {
        String kind = w.object().text("roleRef", "kind");
        String role = w.object().text("roleRef", "name");
        String resource = kind.equals("ClusterRole") ? "clusterroles" : "roles";
        if (!may(w, "bind", resource, role)) {
            check(w, rbac.policy().referred(kind, role, w.namespace()).orElseThrow(() -> ApiException.notFound(Policy.GROUP, resource, role)));
        }
    }

    private boolean may(Write w, String verb, String resource, String role) {
        return rbac.authorize(new Attributes(w.user(), verb, Policy.GROUP, "v1", resource, "", w.namespace(), role, "", true)).allowed();
    }

    private boolean held(Write w, List<Rule> wanted) throws ApiException {
        List<String> missing = new ArrayList<>();
        for (Rule r : wanted) {
            missing(w.user(), w.namespace(), r, missing);
        }
        return missing.isEmpty();
    }

    private static Obj substance(Obj object) {
        Obj copy = object.copy();
        for (String key : List.of("ownerReferences", "finalizers", "managedFields", "resourceVersion", "generation")) {
            copy.remove("metadata", key);
        }
        return copy;
    }

    private void check(Write w, List<Rule> wanted) throws ApiException {
        List<String> missing = new ArrayList<>();
        for (Rule r : wanted) {
            missing(w.user(), w.namespace(), r, missing);
        }
        if (!missing.isEmpty()) {
            throw ApiException.forbidden(Policy.GROUP, w.resource().plural(), w.name(), "user \"" + w.user().name() + "\" (groups="
                    + w.user().groups() + ") is attempting to grant RBAC permissions not currently held:\n" + String.join("\n", missing));
        }
    }

    private void missing(User user, String namespace, Rule r, List<String> missing) throws ApiException {
        Policy policy = rbac.policy();
        for (String verb : r.verbs()) {
            for (String path : r.paths()) {
                if (!policy.any(user, "", x -> x.coversPath(verb, path))) {
                    missing.add("{NonResourceURLs:[\"" + path + "\"], Verbs:[\"" + verb + "\"]}");
                }
            }
            for (String group : r.groups()) {
                for (String resource : r.resources()) {
                    for (Optional<String> name : r.wantedNames()) {
                        if (!policy.any(user, namespace, x -> x.covers(verb, group, resource, name))) {
                            missing.add("{APIGroups:[\"" + group + "\"], Resources:[\"" + resource + "\"]"
                                    + name.map(n -> ", ResourceNames:[\"" + n + "\"]").orElse("") + ", Verbs:[\"" + verb + "\"]}");
                        }
                    }
                }
            }
        }
    }
}
