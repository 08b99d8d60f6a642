package io.manul.apiserver.auth.rbac;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Authorizer;
import io.manul.apiserver.spi.Decision;
import io.manul.apiserver.spi.Reader;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;

/** RBAC (Kubernetes, "Using RBAC Authorization"). {@code system:masters} may everything, whatever is stored. */
public final class RbacAuthorizer implements Authorizer {

    private record Compiled(long generation, Policy policy) {
    }

    private final Reader reader;
    private volatile Compiled compiled = new Compiled(-1, new Policy());

    public RbacAuthorizer(Reader reader) {
        this.reader = reader;
    }

    @Override
    public Decision authorize(Attributes a) {
        if (a.user().groups().contains("system:masters")) {
            return new Decision(Decision.Kind.ALLOW, "");
        }
        try {
            return policy().any(a.user(), a.namespace(), r -> r.allows(a)) ? new Decision(Decision.Kind.ALLOW, "")
                    : new Decision(Decision.Kind.NO_OPINION, "");
        } catch (ApiException e) {
            return new Decision(Decision.Kind.NO_OPINION, "the roles cannot be read: " + e.getMessage());
        }
    }

    Policy policy() throws ApiException {
        long generation = Policy.generation(reader);
        Compiled now = compiled;
        if (now.generation != generation) {
            now = new Compiled(generation, Policy.read(reader));
            compiled = now;
        }
        return now.policy;
    }

    /** Everything that the user may in a namespace, for SelfSubjectRulesReview. */
    public Obj rules(User user, String namespace) throws ApiException {
        List<Obj> resources = new ArrayList<>();
        List<Obj> paths = new ArrayList<>();
        if (user.groups().contains("system:masters")) {
            resources.add(Obj.of("verbs", List.of("*"), "apiGroups", List.of("*"), "resources", List.of("*")));
            paths.add(Obj.of("verbs", List.of("*"), "nonResourceURLs", List.of("*")));
        }
        policy().any(user, namespace, r -> {
            if (r.paths().isEmpty()) {
                resources.add(Obj.of("verbs", r.verbs(), "apiGroups", r.groups(), "resources", r.resources(),
                        "resourceNames", r.names().isEmpty() ? null : r.names()));
            } else {
                paths.add(Obj.of("verbs", r.verbs(), "nonResourceURLs", r.paths()));
            }
            return false;
        });
        return Obj.of("resourceRules", resources, "nonResourceRules", paths, "incomplete", false);
    }
}
