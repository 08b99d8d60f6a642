package io.manul.scheduler.framework;

import java.util.List;

/**
 * Why a pod cannot run on a node, or on none.
 *
 * @param reasons    in upstream's words
 * @param resolvable whether it may run there once other pods are gone
 */
public record Refusal(String plugin, List<String> reasons, boolean resolvable) {

    /** Other pods are in the way. */
    public static Refusal crowded(String plugin, String reason) {
        return new Refusal(plugin, List.of(reason), true);
    }

    /** It is what the node, or the pod, is. */
    public static Refusal unfit(String plugin, String reason) {
        return new Refusal(plugin, List.of(reason), false);
    }
}
