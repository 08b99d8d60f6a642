package io.manul.controllers.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTaintsTest {

    private static Obj node(String ready, String pressure, boolean unschedulable) {
        List<Obj> conditions = new ArrayList<>(List.of(Obj.of("type", "Ready", "status", ready)));
        if (!pressure.isEmpty()) {
            conditions.add(Obj.of("type", pressure, "status", "True"));
        }
        return Obj.of("metadata", Obj.of("name", "n1"), "spec", Obj.of("unschedulable", unschedulable), "status", Obj.of("conditions", conditions));
    }

    private static String taints(Obj node) {
        return String.join(" ", NodeTaints.of(node, "now").stream().map(t -> t.text("key").replace("node.kubernetes.io/", "") + ":" + t.text("effect")).toList());
    }

    @ParameterizedTest
    @CsvSource(value = {
        "True, '', false, ''",
        "False, '', false, not-ready:NoSchedule not-ready:NoExecute",
        "Unknown, '', false, unreachable:NoSchedule unreachable:NoExecute",
        "True, MemoryPressure, false, memory-pressure:NoSchedule",
        "True, DiskPressure, false, disk-pressure:NoSchedule",
        "True, PIDPressure, false, pid-pressure:NoSchedule",
        "True, NetworkUnavailable, false, network-unavailable:NoSchedule",
        "True, '', true, unschedulable:NoSchedule",
        "Unknown, DiskPressure, true, unreachable:NoSchedule unreachable:NoExecute disk-pressure:NoSchedule unschedulable:NoSchedule"})
    void taintsFollowConditions(String ready, String pressure, boolean unschedulable, String expected) {
        assertEquals(expected, taints(node(ready, pressure, unschedulable)));
    }

    @Test
    void othersStayAndOursKeepTheirTime() {
        Obj node = node("Unknown", "", false);
        node.at("spec").put("taints", List.of(Obj.of("key", "mine", "effect", "NoExecute"),
                Obj.of("key", "node.kubernetes.io/unreachable", "effect", "NoExecute", "timeAdded", "before"),
                Obj.of("key", "node.kubernetes.io/not-ready", "effect", "NoSchedule")));
        List<Obj> taints = NodeTaints.of(node, "now");
        assertEquals("mine:NoExecute unreachable:NoSchedule unreachable:NoExecute", taints(node));
        assertEquals("before", taints.get(2).text("timeAdded"));
        assertEquals("now", taints.get(1).text("timeAdded"));
    }
}
