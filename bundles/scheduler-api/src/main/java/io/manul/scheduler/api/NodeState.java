package io.manul.scheduler.api;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;

/** A node as the scheduler sees it: the object, what it offers and what is taken (assumed pods included). */
public record NodeState(Obj node, Map<String, String> labels, Resources allocatable, Resources requested, List<HostPort> ports) {

    public String name() {
        return node.name();
    }

    public List<Obj> taints() {
        return node.objects("spec", "taints");
    }

    public Resources free() {
        return allocatable.minus(requested);
    }
}
