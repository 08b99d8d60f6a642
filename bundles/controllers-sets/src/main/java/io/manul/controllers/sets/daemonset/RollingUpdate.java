package io.manul.controllers.sets.daemonset;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The next step of a rolling update (Kubernetes, "Perform a Rolling Update on a DaemonSet"; KEP-1591 for the surge): old pods that are not
 * available go at once; others as {@code maxUnavailable} allows, or a new one is put beside them as {@code maxSurge} allows. Pure.
 */
final class RollingUpdate {

    /** The pods of a node that are not going: at most one of each, else {@code clear} is false and {@link Presence} clears up first. */
    private record Pair(Obj fresh, Obj old, boolean clear) {
    }

    private RollingUpdate() {
    }

    static Plan plan(Nodes nodes) {
        return nodes.surge() == 0 ? replace(nodes) : surge(nodes);
    }

    private static Pair pair(Nodes nodes, String node) {
        Obj fresh = null;
        Obj old = null;
        for (Obj pod : nodes.on(node)) {
            if (pod.deleting()) {
                continue;
            }
            boolean updated = nodes.updated(pod);
            if (updated && fresh != null || !updated && old != null) {
                return new Pair(null, null, false);
            }
            fresh = updated ? pod : fresh;
            old = updated ? old : pod;
        }
        return new Pair(fresh, old, true);
    }

    /** Nodes with pods, and nodes that should have one. */
    private static Set<String> concerned(Nodes nodes) {
        Set<String> concerned = new LinkedHashSet<>(nodes.pods.keySet());
        nodes.verdicts.entrySet().stream().filter(e -> e.getValue().run()).map(Map.Entry::getKey).forEach(concerned::add);
        return concerned;
    }

    private static Plan replace(Nodes nodes) {
        Plan plan = new Plan();
        List<Obj> candidates = new ArrayList<>();
        long unavailable = 0;
        for (String node : concerned(nodes)) {
            Pair pair = pair(nodes, node);
            if (!pair.clear() || (pair.old() == null) == (pair.fresh() == null)) {
                unavailable++;
            } else if (pair.fresh() != null) {
                unavailable += nodes.available(pair.fresh()) ? 0 : 1;
            } else if (!nodes.available(pair.old())) {
                plan.delete.add(pair.old());
                unavailable++;
            } else {
                candidates.add(pair.old());
            }
        }
        candidates.stream().limit(Math.max(0, nodes.unavailable() - unavailable)).forEach(plan.delete::add);
        return plan;
    }

    private static Plan surge(Nodes nodes) {
        Plan plan = new Plan();
        List<String> candidates = new ArrayList<>();
        List<Obj> misplaced = new ArrayList<>();
        long surging = 0;
        long available = 0;
        for (String node : concerned(nodes)) {
            Pair pair = pair(nodes, node);
            if (!pair.clear()) {
                surging++;
                continue;
            }
            Obj counted = pair.old() != null ? pair.old() : pair.fresh();
            available += counted != null && nodes.available(counted) ? 1 : 0;
            if (pair.old() != null && pair.fresh() == null) {
                alone(nodes, node, pair.old(), plan, candidates, misplaced);
            } else if (pair.old() != null && nodes.available(pair.fresh())) {
                plan.delete.add(pair.old());
            } else if (pair.old() != null) {
                surging++;
            }
        }
        // a pod on a node that it should leave stays until as many as are desired are available elsewhere
        misplaced.stream().limit(Math.max(0, available - nodes.desired())).forEach(plan.delete::add);
        candidates.stream().limit(Math.max(0, nodes.surge() - surging)).forEach(plan.create::add);
        return plan;
    }

    private static void alone(Nodes nodes, String node, Obj old, Plan plan, List<String> candidates, List<Obj> misplaced) {
        Placement.Verdict verdict = nodes.verdicts.get(node);
        boolean run = verdict != null && verdict.run();
        if (nodes.available(old)) {
            if (run) {
                candidates.add(node);
            } else {
                misplaced.add(old);
            }
        } else if (run) {
            plan.create.add(node);
        } else {
            plan.delete.add(old);
        }
    }
}
