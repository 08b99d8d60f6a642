package io.manul.apiserver.auth.admission;

import io.manul.apiserver.auth.rbac.NodeAuthorizer;
import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A kubelet writes only what is its own: its Node, pods bound to it, its Lease (Kubernetes, "NodeRestriction"). */
public final class NodeRestriction implements Admission {

    @Override
    public String name() {
        return "NodeRestriction";
    }

    @Override
    public void validate(Write w) throws ApiException {
        Optional<String> node = NodeAuthorizer.node(w.user());
        if (node.isEmpty()) {
            return;
        }
        String resource = w.resource().plural() + (w.resource().group().isEmpty() ? "" : "." + w.resource().group());
        switch (resource) {
            case "nodes" -> node(w, node.get());
            case "pods" -> pod(w, node.get());
            case "leases.coordination.k8s.io" -> require(w.namespace().equals("kube-node-lease") && w.name().equals(node.get()), w,
                    "can only access node lease with the same name as the requesting node");
            case "csinodes.storage.k8s.io" -> require(w.name().equals(node.get()), w, "can only access CSINode with the same name as the requesting node");
            default -> { }
        }
    }

    private static void node(Write w, String node) throws ApiException {
        require(w.name().equals(node), w, "node \"" + node + "\" is not allowed to modify node \"" + w.name() + "\"");
        if (w.operation() == Operation.UPDATE && w.subresource().isEmpty()) {
            require(w.object().objects("spec", "taints").equals(w.old().objects("spec", "taints")), w,
                    "node \"" + node + "\" is not allowed to modify taints");
            for (String label : changed(w.old().labels(), w.object().labels()).keySet()) {
                require(!restricted(label), w, "is not allowed to modify labels: " + label);
            }
        }
    }

    /** Labels that isolate workloads are not the node's to change. */
    private static boolean restricted(String label) {
        String domain = label.contains("/") ? label.substring(0, label.indexOf('/')) : "";
        return domain.equals("node-restriction.kubernetes.io") || domain.endsWith(".node-restriction.kubernetes.io");
    }

    private static Map<String, String> changed(Map<String, String> was, Map<String, String> now) {
        Map<String, String> changed = new HashMap<>();
        now.forEach((k, v) -> {
            if (!v.equals(was.get(k))) {
                changed.put(k, v);
            }
        });
        was.keySet().stream().filter(k -> !now.containsKey(k)).forEach(k -> changed.put(k, ""));
        return changed;
    }

    private static void pod(Write w, String node) throws ApiException {
        Obj pod = w.old() == null ? w.object() : w.old();
        if (w.operation() == Operation.CREATE && w.subresource().isEmpty()) {
            require(pod.annotations().containsKey("kubernetes.io/config.mirror"), w,
                    "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"" + node + "\" can only create mirror pods");
        }
        if (w.subresource().isEmpty() || w.subresource().equals("status")) {
            require(pod.text("spec", "nodeName").equals(node), w, "node \"" + node + "\" can only "
                    + (w.operation() == Operation.DELETE ? "delete pods" : "update pod status for pods") + " with spec.nodeName set to itself");
        }
    }

    private static void require(boolean holds, Write w, String why) throws ApiException {
        if (!holds) {
            throw ApiException.forbidden(w.resource().group(), w.resource().plural(), w.name(), why);
        }
    }
}
