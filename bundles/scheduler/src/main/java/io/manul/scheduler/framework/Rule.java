package io.manul.scheduler.framework;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one plug-in says about one pod, with what it computed for it. Used by one thread, with the world's lock held. */
public interface Rule {

    /** Why the pod can run nowhere, whatever the node; null when that is not so. */
    default Refusal everywhere() {
        return null;
    }

    /** The only nodes that come into question; empty: any. */
    default Optional<Set<String>> only() {
        return Optional.empty();
    }

    /** Why the pod cannot run there; null when it can. */
    default Refusal filter(NodeInfo node) {
        return null;
    }

    /** A pod is thought to be on the node as well: what was computed follows. The node itself has it already. */
    default void added(PodInfo other, NodeInfo node) {
    }

    /** A pod is thought away from the node. */
    default void removed(PodInfo other, NodeInfo node) {
    }

    /** Before scores are asked. @return false: they would be the same everywhere */
    default boolean scores(List<NodeInfo> feasible) {
        return false;
    }

    default long score(NodeInfo node) {
        return 0;
    }

    /** Brings scores, in the order of the nodes, to 0 to 100. */
    default void normalize(long[] scores, List<NodeInfo> feasible) {
    }

    /** 0 to 100 in proportion to the highest; reversed: the highest is 0. */
    static void toHundred(long[] scores, boolean reverse) {
        long most = 0;
        for (long s : scores) {
            most = Math.max(most, s);
        }
        for (int i = 0; i < scores.length; i++) {
            long s = most == 0 ? 0 : 100 * scores[i] / most;
            scores[i] = reverse ? 100 - s : s;
        }
    }
}
