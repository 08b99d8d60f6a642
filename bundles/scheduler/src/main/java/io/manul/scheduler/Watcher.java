package io.manul.scheduler;

import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeFacts;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.World;
import io.manul.scheduler.queue.PodQueue;
import java.util.function.Predicate;

/** Brings what the informers see into the world and the queue. Each method runs on its informer's thread. */
final class Watcher {

    private final World world;
    private final PodQueue queue;
    /** Whether a pod with this scheduler name is ours. */
    private final Predicate<String> ours;

    Watcher(World world, PodQueue queue, Predicate<String> ours) {
        this.world = world;
        this.queue = queue;
        this.ours = ours;
    }

    void pod(Informer.Change change) {
        Key key = Key.of(change.object());
        if (change.kind() == Informer.Kind.DELETED) {
            queue.remove(key);
            gone(key);
            return;
        }
        PodInfo pod = PodInfo.of(change.object());
        if (pod.waits() && ours.test(pod.wish().scheduler())) {
            nominate(pod);
            queue.offer(pod);
        } else if (pod.assigned()) {
            queue.remove(key);
            assigned(pod);
        } else {
            queue.remove(key);
            gone(key);
        }
    }

    private void gone(Key key) {
        PodInfo before;
        world.lock().lock();
        try {
            before = world.remove(key);
            world.denominate(key);
        } finally {
            world.lock().unlock();
        }
        if (before != null) {
            queue.changed(new Change.Pod(before, null));
        }
    }

    private void assigned(PodInfo pod) {
        PodInfo before;
        world.lock().lock();
        try {
            before = world.place(pod);
            world.denominate(pod.key());
        } finally {
            world.lock().unlock();
        }
        if (before == null || !before.id().labels().equals(pod.id().labels()) || !before.demand().equals(pod.demand())
                || before.standing().deleting() != pod.standing().deleting()) {
            queue.changed(new Change.Pod(before, pod));
        }
    }

    /** What the status says, unless a later decision is on its way there: only a start and a clearing by others count. */
    private void nominate(PodInfo pod) {
        world.lock().lock();
        try {
            String known = world.nomination(pod.key());
            if (known.isEmpty() && !pod.standing().nominated().isEmpty()) {
                world.nominate(pod, pod.standing().nominated());
            } else if (!known.isEmpty()) {
                world.nominate(pod, known);
            }
        } finally {
            world.lock().unlock();
        }
    }

    void node(Informer.Change change) {
        Obj node = change.object();
        NodeFacts after = change.kind() == Informer.Kind.DELETED ? null : NodeFacts.of(node);
        NodeFacts before;
        world.lock().lock();
        try {
            if (after == null) {
                before = world.nodeGone(node.name());
            } else {
                var known = world.node(node.name());
                before = known == null ? null : known.facts();
                if (after.equals(before)) {
                    return; // a heartbeat
                }
                world.node(after);
            }
        } finally {
            world.lock().unlock();
        }
        queue.changed(new Change.Node(before, after));
    }
}
