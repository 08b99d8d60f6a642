package io.manul.apiserver.kinds.node;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Node (core/v1). */
public final class NodeStrategy implements Strategy {

    private static final String ROLE = "node-role.kubernetes.io/";
    private static final Cells CELLS = new Cells().text("Status", NodeStrategy::status).text("Roles", NodeStrategy::roles).age()
            .text("Version", n -> n.text("status", "nodeInfo", "kubeletVersion"))
            .wide("Internal-IP", n -> address(n, "InternalIP")).wide("External-IP", n -> address(n, "ExternalIP"))
            .wide("OS-Image", n -> unknown(n.text("status", "nodeInfo", "osImage")))
            .wide("Kernel-Version", n -> unknown(n.text("status", "nodeInfo", "kernelVersion")))
            .wide("Container-Runtime", n -> unknown(n.text("status", "nodeInfo", "containerRuntimeVersion")));

    private static String unknown(String s) {
        return Cells.or(s, "<unknown>");
    }

    private static Object status(Obj n) {
        String ready = n.objects("status", "conditions").stream().filter(c -> c.text("type").equals("Ready"))
                .map(c -> c.text("status").equals("True") ? "Ready" : "NotReady").findFirst().orElse("Unknown");
        return n.flag("spec", "unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    private static Object roles(Obj n) {
        String roles = n.labels().entrySet().stream()
                .map(l -> l.getKey().startsWith(ROLE) ? l.getKey().substring(ROLE.length())
                        : l.getKey().equals("kubernetes.io/role") ? l.getValue() : "")
                .filter(r -> !r.isEmpty()).distinct().sorted().collect(Collectors.joining(","));
        return Cells.or(roles, "<none>");
    }

    private static String address(Obj n, String type) {
        return n.objects("status", "addresses").stream().filter(a -> a.text("type").equals(type)).map(a -> a.text("address"))
                .findFirst().orElse("<none>");
    }

    @Override
    public void defaults(Obj node) {
        Obj status = node.at("status");
        if (status.has("capacity") && !status.has("allocatable")) {
            node.set(status.at("capacity").copy(), "status", "allocatable");
        }
    }

    @Override
    public boolean statusOnCreate() {
        return true;
    }

    @Override
    public boolean generation() {
        return false;
    }

    @Override
    public void validate(Obj node, FieldErrors e) {
        List<Obj> taints = node.objects("spec", "taints");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < taints.size(); i++) {
            String at = "spec.taints[" + i + "]";
            Obj t = taints.get(i);
            if (t.text("key").isEmpty()) {
                e.required(at + ".key", "");
            }
            if (t.text("effect").isEmpty()) {
                e.required(at + ".effect", "");
            }
            Texts.oneOf(t.text("effect"), at + ".effect", Set.of("NoSchedule", "PreferNoSchedule", "NoExecute"), e);
            if (!seen.add(t.text("key") + ":" + t.text("effect"))) {
                e.duplicate(at, t.map());
            }
        }
    }

    @Override
    public void validateUpdate(Obj node, Obj old, FieldErrors e) {
        for (String once : List.of("podCIDR", "providerID")) {
            String was = old.text("spec", once);
            if (!was.isEmpty() && !was.equals(node.text("spec", once))) {
                e.forbidden("spec." + once, "node updates may not change " + once + " except from \"\" to valid");
            }
        }
    }

    @Override
    public Map<String, String> selectable(Obj node) {
        return Map.of("spec.unschedulable", Boolean.toString(node.flag("spec", "unschedulable")));
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj o, Instant now) {
        return CELLS.of(o, now);
    }
}
