package io.manul.scheduler.preempt;

import io.manul.json.Obj;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Placement;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Profile;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rules;
import io.manul.scheduler.framework.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Finds where a pod would fit if others of a lower priority went, and who. Changes nothing. With the world's lock held. */
public final class Preemption {

    private final World world;
    private final Supplier<List<Obj>> budgets;
    private final RandomGenerator random;

    public Preemption(World world, Supplier<List<Obj>> budgets, RandomGenerator random) {
        this.world = world;
        this.budgets = budgets;
        this.random = random;
    }

    /** @param victims null when nobody can be pushed out @param message why, as it ends the message of the pod */
    public record Outcome(Victims victims, String message) {
    }

    public Outcome find(Profile profile, Placement.Found found) {
        PodInfo pod = found.rules().pod();
        if (!pod.wish().preempts()) {
            return new Outcome(null, "preemption: not eligible due to preemptionPolicy=Never.");
        }
        if (waitsForVictims(pod, found)) {
            return new Outcome(null, "preemption: not eligible due to a terminating pod on the nominated node.");
        }
        List<NodeInfo> potential = found.refused().entrySet().stream().filter(e -> e.getValue().resolvable()).map(Map.Entry::getKey).toList();
        Map<String, Integer> reasons = new HashMap<>();
        List<Victims> candidates = potential.isEmpty() ? List.of() : candidates(profile, found.rules(), potential, reasons);
        if (!candidates.isEmpty()) {
            return new Outcome(Victims.best(candidates), "");
        }
        if (found.all() > potential.size()) {
            reasons.merge("Preemption is not helpful for scheduling", found.all() - potential.size(), Integer::sum);
        }
        return new Outcome(null, "preemption: " + Placement.histogram(found.all(), reasons));
    }

    /** Room is being made where it was nominated, and that node still comes into question. */
    private boolean waitsForVictims(PodInfo pod, Placement.Found found) {
        NodeInfo node = world.node(world.nomination(pod.key()));
        Refusal there = node == null ? null : found.refused().get(node);
        return node != null && (there == null || there.resolvable())
                && node.pods().stream().anyMatch(p -> p.priority() < pod.priority() && p.standing().preempted());
    }

    private List<Victims> candidates(Profile profile, Rules rules, List<NodeInfo> potential, Map<String, Integer> reasons) {
        Budgets now = new Budgets(budgets.get());
        int enough = Math.min(potential.size(), Math.max(profile.candidatesLeast(), potential.size() * profile.candidatePercent() / 100));
        int offset = random.nextInt(potential.size());
        List<Victims> all = new ArrayList<>();
        boolean clean = false;
        for (int i = 0; i < potential.size() && !(clean && all.size() >= enough); i++) {
            NodeInfo node = potential.get((offset + i) % potential.size());
            Object tried = tryNode(rules, node, now);
            if (tried instanceof Victims v) {
                all.add(v);
                clean |= v.violating() == 0;
            } else if (tried instanceof Refusal r) {
                r.reasons().forEach(t -> reasons.merge(t, 1, Integer::sum));
            }
        }
        return all;
    }

    /** All that may go are thought away, then brought back one by one, the most important first, while the pod still fits. */
    private static Object tryNode(Rules rules, NodeInfo node, Budgets budgets) {
        PodInfo pod = rules.pod();
        List<PodInfo> lower = new ArrayList<>(node.pods().stream().filter(p -> p.priority() < pod.priority()).toList());
        if (lower.isEmpty()) {
            return Refusal.unfit("DefaultPreemption", "No preemption victims found for incoming pod");
        }
        lower.forEach(p -> rules.remove(p, node));
        Refusal still = rules.filterWithNominated(node);
        if (still != null) {
            lower.forEach(p -> rules.add(p, node));
            return still;
        }
        lower.sort(Victims.MORE_IMPORTANT);
        List<PodInfo> violating = budgets.violating(lower);
        List<PodInfo> victims = new ArrayList<>();
        violating.forEach(p -> reprieve(rules, node, p, victims));
        int against = victims.size();
        lower.stream().filter(p -> !violating.contains(p)).forEach(p -> reprieve(rules, node, p, victims));
        victims.forEach(p -> rules.add(p, node));
        victims.sort(Victims.MORE_IMPORTANT);
        return victims.isEmpty() ? null : new Victims(node.name(), List.copyOf(victims), against);
    }

    private static void reprieve(Rules rules, NodeInfo node, PodInfo p, List<PodInfo> victims) {
        rules.add(p, node);
        if (rules.filterWithNominated(node) != null) {
            rules.remove(p, node);
            victims.add(p);
        }
    }
}
