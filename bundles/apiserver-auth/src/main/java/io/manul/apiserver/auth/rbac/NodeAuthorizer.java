package io.manul.apiserver.auth.rbac;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Authorizer;
import io.manul.apiserver.spi.Decision;
import io.manul.apiserver.spi.Reader;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a kubelet may (Kubernetes, "Using Node Authorization"): the rules of the role {@code system:node}, but objects that
 * belong to pods only when a pod on this node refers to them.
 */
public final class NodeAuthorizer implements Authorizer {

    private static final String PREFIX = "system:node:";
    private static final Decision ALLOW = new Decision(Decision.Kind.ALLOW, "");
    private static final Set<String> READ = Set.of("get", "list", "watch");

    private final Reader reader;
    private volatile Granted granted = new Granted(-1, Set.of());

    /** "node/resource/namespace/name" of everything that pods refer to. */
    private record Granted(long generation, Set<String> all) {
    }

    public NodeAuthorizer(Reader reader) {
        this.reader = reader;
    }

    /** The node that the user is, if it is one. */
    public static Optional<String> node(io.manul.apiserver.spi.User user) {
        return user.name().startsWith(PREFIX) && user.groups().contains("system:nodes")
                ? Optional.of(user.name().substring(PREFIX.length())) : Optional.empty();
    }

    @Override
    public Decision authorize(Attributes a) {
        Optional<String> node = node(a.user());
        if (node.isEmpty() || !a.resourceRequest()) {
            return none("");
        }
        try {
            return decide(a, node.get());
        } catch (ApiException e) {
            return none("the pods cannot be read: " + e.getMessage());
        }
    }

    private Decision decide(Attributes a, String node) throws ApiException {
        String what = a.group().isEmpty() ? a.resource() : a.resource() + "." + a.group();
        return switch (what) {
            case "secrets", "configmaps" -> READ.contains(a.verb()) && a.subresource().isEmpty() ? referred(a, node) : none("");
            case "persistentvolumeclaims" -> a.verb().equals("get") ? referred(a, node) : none("");
            case "persistentvolumes" -> a.verb().equals("get") ? ALLOW : none("");
            case "serviceaccounts" -> a.verb().equals("create") && a.subresource().equals("token") ? referred(a, node) : none("");
            case "leases.coordination.k8s.io" -> a.namespace().equals("kube-node-lease") && (a.verb().equals("create") || a.name().equals(node))
                    ? ALLOW : none("can only access node lease with the same name as the requesting node");
            case "nodes" -> nodes(a, node);
            case "pods" -> pods(a);
            case "csinodes.storage.k8s.io" -> a.name().equals(node) || a.verb().equals("create") ? ALLOW
                    : none("can only access CSINode with the same name as the requesting node");
            case "services" -> allow(READ.contains(a.verb()));
            case "endpoints" -> allow(a.verb().equals("get"));
            case "events", "events.events.k8s.io" -> allow(Set.of("create", "patch", "update").contains(a.verb()));
            case "runtimeclasses.node.k8s.io", "csidrivers.storage.k8s.io" -> allow(READ.contains(a.verb()));
            case "certificatesigningrequests.certificates.k8s.io" -> allow(READ.contains(a.verb()) || a.verb().equals("create"));
            case "tokenreviews.authentication.k8s.io", "subjectaccessreviews.authorization.k8s.io",
                    "localsubjectaccessreviews.authorization.k8s.io" -> allow(a.verb().equals("create"));
            default -> none("");
        };
    }

    private static Decision nodes(Attributes a, String node) {
        boolean own = a.name().equals(node);
        return switch (a.verb()) {
            case "get", "list", "watch" -> a.verb().equals("get") && !own ? none("node \"" + node + "\" cannot read \"" + a.name() + "\", only its own Node object") : ALLOW;
            case "create" -> ALLOW; // NodeRestriction checks the name
            case "update", "patch" -> own ? ALLOW : none("node \"" + node + "\" cannot modify \"" + a.name() + "\"");
            default -> none("");
        };
    }

    private static Decision pods(Attributes a) {
        return switch (a.subresource()) {
            case "" -> allow(READ.contains(a.verb()) || a.verb().equals("create") || a.verb().equals("delete"));
            case "status" -> allow(a.verb().equals("patch") || a.verb().equals("update") || a.verb().equals("get"));
            case "eviction" -> allow(a.verb().equals("create"));
            default -> none("");
        };
    }

    private Decision referred(Attributes a, String node) throws ApiException {
        if (a.name().isEmpty()) {
            return none("No Object name found");
        }
        return graph().contains(node + "/" + a.resource() + "/" + a.namespace() + "/" + a.name()) ? ALLOW
                : none("no relationship found between node '" + node + "' and this object");
    }

    private Set<String> graph() throws ApiException {
        long generation = reader.generation("", "pods");
        Granted now = granted;
        if (now.generation != generation) {
            Set<String> all = new HashSet<>();
            for (Obj pod : reader.list("", "pods", "")) {
                String node = pod.text("spec", "nodeName");
                if (!node.isEmpty()) {
                    References.of(pod, (resource, name) -> all.add(node + "/" + resource + "/" + pod.namespace() + "/" + name));
                }
            }
            now = new Granted(generation, all);
            granted = now;
        }
        return now.all;
    }

    private static Decision allow(boolean yes) {
        return yes ? ALLOW : none("");
    }

    private static Decision none(String reason) {
        return new Decision(Decision.Kind.NO_OPINION, reason);
    }

}
