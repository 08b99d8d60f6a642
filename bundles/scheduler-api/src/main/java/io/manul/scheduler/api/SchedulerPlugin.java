package io.manul.scheduler.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One rule of the scheduler (Kubernetes, "Scheduling Framework": Filter and Score). Register it as an OSGi service; it is
 * asked from then on, in every profile that does not disable its name, and forgotten when it goes. A pod that it refused is
 * tried again when a node changes or a pod goes. Called on the scheduler's one thread: pure and quick.
 */
@ConsumerType
public interface SchedulerPlugin {
    String name();

    /** Why the pod cannot run there, as in events ({@code Insufficient cpu}); empty when it can. */
    default Optional<String> filter(PodWish pod, NodeState node) {
        return Optional.empty();
    }

    /** How well it would fit, 0 to 100. */
    default int score(PodWish pod, NodeState node) {
        return 0;
    }

    /** Weight of the score; 0 for a plug-in that only filters. */
    default int weight() {
        return 0;
    }

    /** Whether a pod that was refused may fit once other pods are gone, so that making room for it is worth a try. */
    default boolean resolvable() {
        return true;
    }
}
