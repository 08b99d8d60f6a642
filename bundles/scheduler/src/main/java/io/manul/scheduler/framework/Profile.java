package io.manul.scheduler.framework;

import java.util.List;

/**
 * The rules for pods of one scheduler name (Kubernetes, "Scheduler Configuration", multiple profiles).
 *
 * @param preempts         DefaultPreemption is on
 * @param candidatePercent of the nodes where room could be made, how many are looked at (minCandidateNodesPercentage)
 * @param candidatesLeast  and at least (minCandidateNodesAbsolute)
 * @param percentage       of the nodes, after how many that fit no more are looked for; 0: by the number of nodes
 */
public record Profile(String name, List<Enabled> plugins, boolean preempts, int candidatePercent, int candidatesLeast, int percentage) {

    /** A plug-in in this profile. @param weight of its score */
    public record Enabled(Plugin plugin, boolean filters, boolean scores, int weight) {
    }

    public Plugin plugin(String wanted) {
        return plugins.stream().map(Enabled::plugin).filter(p -> p.name().equals(wanted)).findFirst().orElse(null);
    }
}
