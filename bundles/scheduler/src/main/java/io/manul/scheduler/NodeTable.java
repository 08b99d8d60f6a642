package io.manul.scheduler;

import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.scheduler.api.HostPort;
import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every node with what is taken on it, kept by changes of nodes and pods; a pod that was just bound is assumed until the
 * watch shows it. Guarded by its monitor.
 */
final class NodeTable {

    private record Placed(String node, Resources requests, List<HostPort> ports) {
    }

    private final Map<String, Obj> nodes = new HashMap<>();
    private final Map<Key, Placed> pods = new HashMap<>();

    synchronized void node(Obj node) {
        nodes.put(node.name(), node);
    }

    synchronized void nodeGone(String name) {
        nodes.remove(name);
    }

    /** A pod with a node takes its share until it has ended. */
    synchronized void pod(Obj pod) {
        String node = pod.text("spec", "nodeName");
        String phase = pod.text("status", "phase");
        if (node.isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            pods.remove(Key.of(pod));
        } else {
            assume(Wishes.of(pod), node);
        }
    }

    synchronized void podGone(Key key) {
        pods.remove(key);
    }

    synchronized void assume(PodWish wish, String node) {
        pods.put(Key.of(wish.pod()), new Placed(node, wish.requests(), wish.ports()));
    }

    synchronized List<NodeState> states() {
        Map<String, Resources> taken = new HashMap<>();
        Map<String, List<HostPort>> ports = new HashMap<>();
        pods.values().forEach(p -> {
            taken.merge(p.node, p.requests, Resources::plus);
            ports.computeIfAbsent(p.node, n -> new ArrayList<>()).addAll(p.ports);
        });
        List<NodeState> states = new ArrayList<>(nodes.size());
        nodes.forEach((name, node) -> states.add(new NodeState(node, node.labels(),
                Wishes.amounts(node.at("status", "allocatable")), taken.getOrDefault(name, Resources.NONE),
                ports.getOrDefault(name, List.of()))));
        return states;
    }
}
