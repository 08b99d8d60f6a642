package io.manul.controllers.sets.daemonset;

import io.manul.client.owner.PodState;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A DaemonSet, the nodes with its verdict about each, and its pods by node: what one pass decides on. Pure. */
final class Nodes {

    /** Bound ones first, then the oldest. */
    static final Comparator<Obj> OLDEST_FIRST = Comparator.comparing((Obj p) -> p.text("spec", "nodeName").isEmpty())
            .thenComparing(p -> p.text("metadata", "creationTimestamp")).thenComparing(Obj::name);

    final Obj set;
    final String hash;
    final Instant now;
    final Map<String, Placement.Verdict> verdicts = new LinkedHashMap<>();
    final Map<String, List<Obj>> pods = new LinkedHashMap<>();

    Nodes(Obj set, String hash, List<Obj> nodes, List<Obj> pods, Instant now) {
        this.set = set;
        this.hash = hash;
        this.now = now;
        Placement placement = new Placement(set);
        nodes.forEach(n -> verdicts.put(n.name(), placement.on(n)));
        for (Obj pod : pods) {
            String phase = pod.text("status", "phase");
            boolean gone = pod.deleting() && (phase.equals("Succeeded") || phase.equals("Failed"));
            String node = Placement.node(pod);
            if (!gone && !node.isEmpty()) {
                this.pods.computeIfAbsent(node, k -> new ArrayList<>()).add(pod);
            }
        }
        this.pods.values().forEach(l -> l.sort(OLDEST_FIRST));
    }

    List<Obj> on(String node) {
        return pods.getOrDefault(node, List.of());
    }

    long desired() {
        return verdicts.values().stream().filter(Placement.Verdict::run).count();
    }

    boolean available(Obj pod) {
        return PodState.available(pod, set.number("spec", "minReadySeconds").orElse(0), now);
    }

    boolean updated(Obj pod) {
        return DaemonPod.updated(set, pod, hash);
    }

    boolean rolling() {
        return set.text("spec", "updateStrategy", "type").equals("RollingUpdate");
    }

    long surge() {
        return share("maxSurge", desired());
    }

    /** More than one pod may be on a node. */
    boolean surging() {
        return share("maxSurge", 1) > 0;
    }

    long unavailable() {
        long n = share("maxUnavailable", desired());
        return n == 0 && surge() == 0 ? 1 : n;
    }

    /** A percentage is rounded up. */
    private long share(String name, long of) {
        Object share = rolling() ? set.get("spec", "updateStrategy", "rollingUpdate", name) : null;
        return switch (share) {
            case Long n -> n;
            case String s when s.matches("[0-9]{1,9}%") -> Math.ceilDiv(Long.parseLong(s.substring(0, s.length() - 1)) * of, 100);
            case null, default -> 0;
        };
    }
}
