package io.manul.apiserver.auth.admission;

import io.manul.apiserver.auth.rbac.NodeAuthorizer;
import io.manul.apiserver.auth.rbac.References;
import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A kubelet writes only what is its own: its Node, pods bound to it, their tokens, its Lease (Kubernetes, "NodeRestriction"). */
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
            case "serviceaccounts" -> token(w, node.get());
            case "leases.coordination.k8s.io" -> require(w.namespace().equals("kube-node-lease") && w.name().equals(node.get()), w,
                    "can only access node lease with the same name as the requesting node");
            case "csinodes.storage.k8s.io" -> require(w.name().equals(node.get()), w, "can only access CSINode with the same name as the requesting node");
            default -> { }
        }
    }

    private static void node(Write w, String node) throws ApiException {
        require(w.name().equals(node), w, "node \"" + node + "\" is not allowed to modify node \"" + w.name() + "\"");
        if (w.operation() == Operation.CREATE) {
            String labels = refused(w, node, Map.of());
            require(labels.isEmpty(), w, "node \"" + node + "\" is not allowed to set the following labels: " + labels);
        } else if (w.operation() == Operation.UPDATE) {
            require(w.object().objects("spec", "taints").equals(w.old().objects("spec", "taints")), w,
                    "node \"" + node + "\" is not allowed to modify taints");
            String labels = refused(w, node, w.old().labels());
            require(labels.isEmpty(), w, "is not allowed to modify labels: " + labels);
        }
    }

    /** Labels that would let a node draw workloads to itself; sorted, in one text. */
    private static String refused(Write w, String node, Map<String, String> was) {
        return changed(was, w.object().labels()).entrySet().stream()
                .filter(l -> NodeLabels.restricted(l.getKey()) || NodeLabels.reserved(l.getKey()) && !given(w, node, l.getKey(), l.getValue()))
                .map(Map.Entry::getKey).sorted().collect(Collectors.joining(", "));
    }

    /** This server's own node bears what its settings say, and its role, as k3s' does. */
    private static boolean given(Write w, String node, String label, String value) {
        return node.equals(w.settings().nodeName())
                && (label.equals("node-role.kubernetes.io/control-plane") && value.equals("true")
                        || value.equals(w.settings().nodeLabels().get(label)));
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
        boolean whole = w.subresource().isEmpty();
        if (w.operation() == Operation.CREATE && whole) {
            mirror(w, node);
        } else if (whole && w.operation() == Operation.UPDATE) {
            require(false, w, "unexpected operation \"UPDATE\", node \"" + node + "\" can only create and delete mirror pods");
        } else if (whole || w.subresource().equals("status")) {
            require(pod.text("spec", "nodeName").equals(node), w, "node \"" + node + "\" can only "
                    + (w.operation() == Operation.DELETE ? "delete pods" : "update pod status for pods") + " with spec.nodeName set to itself");
            require(w.operation() == Operation.DELETE || w.object().labels().equals(pod.labels()), w,
                    "node \"" + node + "\" cannot update labels through pod status");
        }
    }

    /** A mirror pod stands for a file on the node: it is the node's, and refers to no object. */
    private static void mirror(Write w, String node) throws ApiException {
        Obj pod = w.object();
        String quoted = "node \"" + node + "\"";
        require(pod.annotations().containsKey("kubernetes.io/config.mirror"), w,
                "pod does not have \"kubernetes.io/config.mirror\" annotation, " + quoted + " can only create mirror pods");
        require(pod.text("spec", "nodeName").equals(node), w, quoted + " can only create pods with spec.nodeName set to itself");
        List<Obj> owners = pod.objects("metadata", "ownerReferences");
        require(owners.size() < 2, w, quoted + " can only create pods with a single owner reference set to itself");
        Obj owner = owners.isEmpty() ? Obj.of() : owners.getFirst();
        require(owner.text("apiVersion").equals("v1") && owner.text("kind").equals("Node") && owner.text("name").equals(node), w,
                quoted + " can only create pods with an owner reference set to itself");
        require(owner.flag("controller"), w, quoted + " can only create pods with a controller owner reference set to itself");
        require(!owner.flag("blockOwnerDeletion"), w, quoted + " must not set blockOwnerDeletion on an owner reference");
        String uid = w.reader().get("", "nodes", "", node).orElseThrow(() -> ApiException.notFound("", "nodes", node)).uid();
        require(owner.text("uid").equals(uid), w, "node " + node + " UID mismatch: expected " + owner.text("uid") + " got " + uid);
        Set<String> referred = new TreeSet<>();
        References.of(pod, (resource, name) -> referred.add(resource));
        require(!referred.contains("serviceaccounts"), w, quoted + " can not create pods that reference a service account");
        require(referred.isEmpty(), w, quoted + " can not create pods that reference " + String.join(", ", referred));
    }

    /** A token only for a pod that runs here, and only its own service account's. */
    private static void token(Write w, String node) throws ApiException {
        if (w.operation() != Operation.CREATE || !w.subresource().equals("token")) {
            return;
        }
        Obj ref = w.object().at("spec", "boundObjectRef");
        String name = ref.text("name");
        require(ref.text("apiVersion").equals("v1") && ref.text("kind").equals("Pod") && !name.isEmpty(), w,
                "node requested token not bound to a pod");
        require(!ref.text("uid").isEmpty(), w, "node requested token with a pod binding without a uid");
        Obj pod = w.reader().get("", "pods", w.namespace(), name).orElseThrow(() -> ApiException.notFound("", "pods", name));
        require(ref.text("uid").equals(pod.uid()), w, "the UID in the bound object reference (" + ref.text("uid")
                + ") does not match the UID in record. The object might have been deleted and then recreated");
        require(pod.text("spec", "nodeName").equals(node), w, "node requested token bound to a pod scheduled on a different node");
        require(pod.text("spec", "serviceAccountName").equals(w.name()), w,
                "node requested token of service account \"" + w.name() + "\" for a pod that runs as another one");
    }

    private static void require(boolean holds, Write w, String why) throws ApiException {
        if (!holds) {
            throw ApiException.forbidden(w.resource().group(), w.resource().plural(), w.name(), why);
        }
    }
}
