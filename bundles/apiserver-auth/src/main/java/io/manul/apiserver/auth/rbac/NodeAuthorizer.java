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
    private static final Set<String> CHANGE = Set.of("update", "patch");
    private static final Set<String> OWN = Set.of("get", "create", "update", "patch", "delete");
    private static final String ONE = "can only get individual resources of this type";

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
        return user.name().length() > PREFIX.length() && user.name().startsWith(PREFIX) && user.groups().contains("system:nodes")
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
        String resource = a.group().isEmpty() ? a.resource() : a.resource() + "." + a.group();
        return switch (a.subresource().isEmpty() ? resource : resource + "/" + a.subresource()) {
            case "secrets", "configmaps" -> READ.contains(a.verb()) ? referred(a, node) : none("can only read resources of this type");
            case "persistentvolumeclaims" -> a.verb().equals("get") ? referred(a, node) : none(ONE);
            case "persistentvolumes" -> a.verb().equals("get") ? volume(a, node) : none(ONE);
            case "serviceaccounts/token" -> a.verb().equals("create") ? referred(a, node)
                    : none("can only create tokens for individual service accounts");
            case "leases.coordination.k8s.io" -> lease(a, node);
            case "csinodes.storage.k8s.io" -> !OWN.contains(a.verb()) ? none("can only get, create, update, patch, or delete a CSINode")
                    : a.verb().equals("create") || a.name().equals(node) ? ALLOW
                    : none("can only access CSINode with the same name as the requesting node");
            case "nodes" -> nodes(a, node);
            case "nodes/status" -> CHANGE.contains(a.verb()) ? own(a, node) : none("");
            case "pods" -> pods(a, node);
            case "pods/status" -> allow(CHANGE.contains(a.verb())); // NodeRestriction checks whose it is
            case "pods/eviction" -> allow(a.verb().equals("create"));
            case "services", "runtimeclasses.node.k8s.io", "csidrivers.storage.k8s.io" -> allow(READ.contains(a.verb()));
            case "endpoints" -> allow(a.verb().equals("get"));
            case "events", "events.events.k8s.io" -> allow(a.verb().equals("create") || CHANGE.contains(a.verb()));
            case "certificatesigningrequests.certificates.k8s.io" -> allow(READ.contains(a.verb()) || a.verb().equals("create"));
            case "tokenreviews.authentication.k8s.io", "subjectaccessreviews.authorization.k8s.io",
                    "localsubjectaccessreviews.authorization.k8s.io" -> allow(a.verb().equals("create"));
            default -> none("");
        };
    }

    private static Decision lease(Attributes a, String node) {
        if (!OWN.contains(a.verb())) {
            return none("can only get, create, update, patch, or delete a node lease");
        }
        if (!a.namespace().equals("kube-node-lease")) {
            return none("can only access leases in the \"kube-node-lease\" system namespace");
        }
        return a.verb().equals("create") || a.name().equals(node) ? ALLOW // NodeRestriction checks the name of a new one
                : none("can only access node lease with the same name as the requesting node");
    }

    private static Decision nodes(Attributes a, String node) {
        if (a.verb().equals("create")) {
            return ALLOW; // NodeRestriction checks the name
        }
        if (READ.contains(a.verb())) {
            return a.name().equals(node) ? ALLOW : none("node '" + node + "' cannot read "
                    + (a.name().isEmpty() ? "all nodes" : "'" + a.name() + "'") + ", only its own Node object");
        }
        return CHANGE.contains(a.verb()) ? own(a, node) : none("");
    }

    private static Decision own(Attributes a, String node) {
        return a.name().equals(node) ? ALLOW : none("node '" + node + "' cannot modify '" + a.name() + "', only its own Node object");
    }

    /** One pod only when it is bound to this node, or is not there (its kubelet asks whether it is gone). */
    private Decision pods(Attributes a, String node) throws ApiException {
        return switch (a.verb()) {
            case "get" -> reader.get("", "pods", a.namespace(), a.name()).isEmpty() ? ALLOW : referred(a, node);
            case "list", "watch" -> a.fields().required("spec.nodeName").filter(node::equals).isPresent() ? ALLOW
                    : none("can only list/watch pods with spec.nodeName field selector");
            case "create", "delete" -> ALLOW; // NodeRestriction checks whose it is
            default -> none("");
        };
    }

    /** A volume only when a claim of the node's pods is bound to it. */
    private Decision volume(Attributes a, String node) throws ApiException {
        Obj claim = reader.get("", "persistentvolumes", "", a.name()).map(v -> v.at("spec", "claimRef")).orElseGet(Obj::of);
        return granted(node, "persistentvolumeclaims", claim.text("namespace"), claim.text("name"));
    }

    private Decision referred(Attributes a, String node) throws ApiException {
        return a.name().isEmpty() ? none("No Object name found") : granted(node, a.resource(), a.namespace(), a.name());
    }

    private Decision granted(String node, String resource, String namespace, String name) throws ApiException {
        return graph().contains(node + "/" + resource + "/" + namespace + "/" + name) ? ALLOW
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
                    all.add(node + "/pods/" + pod.namespace() + "/" + pod.name());
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
