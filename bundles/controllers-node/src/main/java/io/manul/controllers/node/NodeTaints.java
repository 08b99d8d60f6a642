package io.manul.controllers.node;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The taints that a node's conditions ask for (Kubernetes, "Taint nodes by condition", "Taint based evictions"). Pure. */
final class NodeTaints {

    private static final String PREFIX = "node.kubernetes.io/";
    private static final Map<String, String> PRESSURE = new LinkedHashMap<>();

    static {
        PRESSURE.put("MemoryPressure", "memory-pressure");
        PRESSURE.put("DiskPressure", "disk-pressure");
        PRESSURE.put("PIDPressure", "pid-pressure");
        PRESSURE.put("NetworkUnavailable", "network-unavailable");
    }

    private NodeTaints() {
    }

    /** The node's taints as they should be: others' are kept, ours follow the conditions; timeAdded is kept where it stays. */
    static List<Obj> of(Obj node, String now) {
        List<Obj> before = node.objects("spec", "taints");
        List<Obj> taints = new ArrayList<>(before.stream().filter(t -> !ours(t)).toList());
        String ready = status(node, "Ready");
        if (ready.equals("False")) {
            add(taints, before, "not-ready", "NoSchedule", now);
            add(taints, before, "not-ready", "NoExecute", now);
        } else if (!ready.equals("True")) {
            String key = ready.equals("Unknown") ? "unreachable" : "not-ready";
            add(taints, before, key, "NoSchedule", now);
            add(taints, before, key, "NoExecute", now);
        }
        PRESSURE.forEach((condition, key) -> {
            if (status(node, condition).equals("True")) {
                add(taints, before, key, "NoSchedule", now);
            }
        });
        if (node.flag("spec", "unschedulable")) {
            add(taints, before, "unschedulable", "NoSchedule", now);
        }
        return taints;
    }

    private static boolean ours(Obj t) {
        String key = t.text("key");
        return key.equals(PREFIX + "not-ready") || key.equals(PREFIX + "unreachable") || key.equals(PREFIX + "unschedulable")
                || PRESSURE.values().stream().anyMatch(p -> key.equals(PREFIX + p));
    }

    private static void add(List<Obj> taints, List<Obj> before, String key, String effect, String now) {
        Optional<Obj> there = before.stream().filter(t -> t.text("key").equals(PREFIX + key) && t.text("effect").equals(effect)).findFirst();
        taints.add(there.orElseGet(() -> Obj.of("key", PREFIX + key, "effect", effect, "timeAdded", now)));
    }

    static String status(Obj node, String condition) {
        return node.objects("status", "conditions").stream().filter(c -> c.text("type").equals(condition)).map(c -> c.text("status"))
                .findFirst().orElse("");
    }
}
