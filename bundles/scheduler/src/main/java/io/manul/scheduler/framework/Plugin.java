package io.manul.scheduler.framework;

import java.util.Optional;
import java.util.Set;

/** A plug-in of the scheduler; one object for all pods, without state of its own. Called with the world's lock held. */
public interface Plugin {

    String name();

    /** What it says about this pod, computed once before the nodes are looked at; empty: nothing at all. */
    Optional<Rule> about(PodInfo pod);

    /** Kinds of changes that may help a pod which it refused. */
    default Set<Change.Kind> concerns() {
        return Change.NODES;
    }

    /** Whether this change may help this pod, which it refused (KEP-4247, queueing hints). */
    default boolean helps(PodInfo pod, Change change) {
        return true;
    }
}
