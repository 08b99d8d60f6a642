package io.manul.kubelet.model;

import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Pod as the API gave it; never written. Safe from any thread as long as nobody writes the object. */
public record Pod(Obj object) {

    private static final long DEFAULT_GRACE_SECONDS = 30;

    public String name() {
        return object.name();
    }

    public String namespace() {
        return object.namespace();
    }

    public String uid() {
        return object.uid();
    }

    public Key key() {
        return Key.of(object);
    }

    public Obj spec() {
        return object.at("spec");
    }

    public Obj status() {
        return object.at("status");
    }

    public List<Obj> containers() {
        return spec().objects("containers");
    }

    public List<Obj> initContainers() {
        return spec().objects("initContainers");
    }

    public List<Obj> allContainers() {
        List<Obj> all = new ArrayList<>(initContainers());
        all.addAll(containers());
        return all;
    }

    public Optional<Obj> container(String name) {
        return allContainers().stream().filter(c -> c.text("name").equals(name)).findFirst();
    }

    /** An init container that goes on running beside the others (Kubernetes, "Sidecar Containers"). */
    public static boolean sidecar(Obj container) {
        return container.text("restartPolicy").equals("Always");
    }

    public boolean isInit(String name) {
        return initContainers().stream().anyMatch(c -> c.text("name").equals(name));
    }

    /** Always, OnFailure or Never. */
    public String restartPolicy() {
        return spec().string("restartPolicy").orElse("Always");
    }

    /**
     * Whether a container that exited runs again: its own rules first (KEP-5307), then its own policy, then the pod's. Not for
     * sidecars, which always do, nor for init containers that succeeded, which are done.
     */
    public boolean restarts(Obj container, int exitCode) {
        for (Obj rule : container.objects("restartPolicyRules")) {
            boolean listed = rule.at("exitCodes").list("values").stream().anyMatch(v -> v instanceof Number n && n.intValue() == exitCode);
            if (rule.text("action").equals("Restart") && listed == rule.text("exitCodes", "operator").equals("In")) {
                return true;
            }
        }
        return switch (container.string("restartPolicy").orElseGet(this::restartPolicy)) {
            case "Never" -> false;
            case "OnFailure" -> exitCode != 0;
            default -> true;
        };
    }

    public boolean hostNetwork() {
        return spec().flag("hostNetwork");
    }

    public boolean deleting() {
        return object.deleting();
    }

    public String phase() {
        return object.text("status", "phase");
    }

    /** The API says that it is over: Succeeded or Failed. */
    public boolean over() {
        return phase().equals("Succeeded") || phase().equals("Failed");
    }

    public long graceSeconds() {
        return object.number("metadata", "deletionGracePeriodSeconds").orElseGet(
                () -> spec().number("terminationGracePeriodSeconds").orElse(DEFAULT_GRACE_SECONDS));
    }

    /** {@code name_namespace(uid)}, as upstream writes it in events. */
    public String full() {
        return name() + "_" + namespace() + "(" + uid() + ")";
    }

    /** {@code status.qosClass}, or computed (Kubernetes, "Pod Quality of Service Classes"). */
    public String qos() {
        return object.string("status", "qosClass").orElseGet(this::computedQos);
    }

    private String computedQos() {
        boolean any = false;
        boolean guaranteed = true;
        for (Obj c : allContainers()) {
            for (String resource : List.of("cpu", "memory")) {
                long request = Quantity.millis(c.get("resources", "requests", resource));
                long limit = Quantity.millis(c.get("resources", "limits", resource));
                any |= request > 0 || limit > 0;
                guaranteed &= limit > 0 && (request == 0 || request == limit);
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    /** The container, as events about it name it. */
    public Obj about(String container) {
        String list = isInit(container) ? "spec.initContainers" : "spec.containers";
        return reference().put("fieldPath", list + "{" + container + "}");
    }

    /** What events about this pod name. */
    public Obj reference() {
        return Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", Obj.of("namespace", namespace(), "name", name(), "uid", uid(),
                "resourceVersion", object.resourceVersion()));
    }
}
