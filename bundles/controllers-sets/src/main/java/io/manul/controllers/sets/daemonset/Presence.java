package io.manul.controllers.sets.daemonset;

import io.manul.client.Events;
import io.manul.client.owner.PodState;
import io.manul.json.Obj;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One pod on every node that should have one, none elsewhere: makes what is missing, removes what is too much, failed, or on a node
 * that it should leave. Amid a surge a node may have two, an old one that is ready and a new one that is not available yet.
 */
final class Presence {

    private final Backoff backoff;
    private final Events events;

    Presence(Backoff backoff, Events events) {
        this.backoff = backoff;
        this.events = events;
    }

    Plan plan(Nodes nodes) {
        Plan plan = new Plan();
        nodes.verdicts.forEach((node, verdict) -> {
            List<Obj> pods = nodes.on(node);
            if (verdict.run() && pods.isEmpty()) {
                plan.create.add(node);
            } else if (verdict.stay()) {
                keep(nodes, node, verdict, running(nodes, node, plan), plan);
            } else {
                pods.stream().filter(p -> !p.deleting()).forEach(plan.delete::add);
            }
        });
        nodes.pods.forEach((node, pods) -> {
            if (!nodes.verdicts.containsKey(node)) { // the node is gone, and nobody else removes a pod that is on none
                pods.stream().filter(p -> p.text("spec", "nodeName").isEmpty()).forEach(plan.delete::add);
            }
        });
        return plan;
    }

    /** Those not going; ended ones are removed, failed ones with back-off. */
    private List<Obj> running(Nodes nodes, String node, Plan plan) {
        List<Obj> running = new ArrayList<>();
        for (Obj pod : nodes.on(node)) {
            if (pod.deleting()) {
                continue;
            }
            switch (pod.text("status", "phase")) {
                case "Failed" -> failed(nodes, node, pod, plan);
                case "Succeeded" -> {
                    events.normal(nodes.set, "SucceededDaemonPod", found("succeeded", pod, node) + "delete it");
                    plan.delete.add(pod);
                }
                default -> running.add(pod);
            }
        }
        return running;
    }

    private static String found(String how, Obj pod, String node) {
        return "Found " + how + " daemon pod " + pod.namespace() + "/" + pod.name() + " on node " + node + ", will try to ";
    }

    private void failed(Nodes nodes, String node, Obj pod, Plan plan) {
        long generation = nodes.set.number("status", "observedGeneration").orElse(0);
        Duration wait = backoff.next(nodes.set.uid() + "/" + generation + "/" + node, nodes.now);
        if (wait.isPositive()) {
            plan.later(wait);
            return;
        }
        events.warning(nodes.set, "FailedDaemonPod", found("failed", pod, node) + "kill it");
        plan.delete.add(pod);
    }

    private static void keep(Nodes nodes, String node, Placement.Verdict verdict, List<Obj> running, Plan plan) {
        if (!nodes.surging()) {
            running.stream().skip(1).forEach(plan.delete::add);
        } else if (running.isEmpty()) {
            if (verdict.run()) {
                plan.create.add(node);
            }
        } else if (running.size() > 1) {
            surged(nodes, running, plan);
        }
    }

    private static void surged(Nodes nodes, List<Obj> running, Plan plan) {
        Obj fresh = null;
        Obj old = null;
        for (Obj pod : running) {
            boolean current = nodes.hash.equals(pod.labels().get(DaemonPod.HASH));
            if (current && fresh == null) {
                fresh = pod;
            } else if (!current && old == null) {
                old = pod;
            } else {
                plan.delete.add(pod);
            }
        }
        if (fresh != null && old != null && (!PodState.ready(old) || nodes.available(fresh))) {
            plan.delete.add(old);
        }
    }
}
