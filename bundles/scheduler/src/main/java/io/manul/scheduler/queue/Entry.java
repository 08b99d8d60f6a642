package io.manul.scheduler.queue;

import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A pod in the queue. Guarded by the queue's lock. */
final class Entry {

    /**
     * Where it is. GATED → ACTIVE when its gates are gone. ACTIVE → TRIED when taken. TRIED → RESTING when it found no node,
     * BACKOFF when a change since then may help it or the try failed, BINDING when it has a node. RESTING → BACKOFF or ACTIVE by
     * a change or after 5 min. BACKOFF → ACTIVE by time. BINDING → BACKOFF when binding failed.
     */
    enum State { GATED, ACTIVE, TRIED, RESTING, BACKOFF, BINDING }

    PodInfo pod;
    State state = State.ACTIVE;
    /** Order among pods of one priority. */
    long since;
    int attempts;
    /** Nano time from which it may be tried again. */
    long notBefore;
    /** The try itself failed: it waits its time out, even when nobody else waits. */
    boolean error;
    /** Nano time since which it rests. */
    long restingSince;
    /** Plug-ins that refused it. */
    Set<String> blamed = Set.of();
    /** Others are pushed out for it: it rests until that is done, and then goes on as {@link #woken} says. */
    boolean preempting;
    boolean woken;
    /** What changed while it was tried; null: it is not, or too much to tell. */
    List<Change> missed = new ArrayList<>(0);

    Entry(PodInfo pod) {
        this.pod = pod;
    }
}
