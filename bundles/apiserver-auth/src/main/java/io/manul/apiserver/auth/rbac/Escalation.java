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

/**
 * Nobody gives what they do not have: a role may hold only rules that its writer has (or the verb {@code escalate}), and
 * only a role whose rules the writer has may be bound (or the verb {@code bind}).
 */
public final class Escalation implements Admission {

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
        boolean role = w.resource().plural().endsWith("roles");
        if (role) {
            if (w.old() == null || !w.old().objects("rules").equals(w.object().objects("rules"))) {
                check(w, w.object().objects("rules").stream().map(Rule::of).toList(), "escalate", w.resource().plural(), w.name());
            }
        } else {
            Obj ref = w.object().at("roleRef");
            String resource = ref.text("kind").equals("ClusterRole") ? "clusterroles" : "roles";
            check(w, rbac.policy().referred(ref.text("kind"), ref.text("name"), w.namespace()), "bind", resource, ref.text("name"));
        }
    }

    private void check(Write w, List<Rule> wanted, String verb, String resource, String role) throws ApiException {
        Attributes pass = new Attributes(w.user(), verb, Policy.GROUP, "v1", resource, "", w.namespace(), role, "", true);
        if (rbac.authorize(pass).allowed()) {
            return;
        }
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
                    for (String name : r.names().isEmpty() ? List.of("") : r.names()) {
                        if (!policy.any(user, namespace, x -> x.covers(verb, group, resource, name))) {
                            missing.add("{APIGroups:[\"" + group + "\"], Resources:[\"" + resource + "\"]"
                                    + (name.isEmpty() ? "" : ", ResourceNames:[\"" + name + "\"]") + ", Verbs:[\"" + verb + "\"]}");
                        }
                    }
                }
            }
        }
    }
}
