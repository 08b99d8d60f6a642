package io.manul.scheduler;

import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.scheduler.framework.Placement;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Profile;
import io.manul.scheduler.framework.World;
import io.manul.scheduler.preempt.Preemption;
import io.manul.scheduler.preempt.Victims;
import io.manul.scheduler.queue.PodQueue;
import io.manul.scheduler.volume.Storage;
import io.manul.scheduler.volume.VolumeBinder;
import io.manul.scheduler.volume.VolumeBinding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pod after the other: take, choose, hand on to be bound, or say why not and make room. Runs on the scheduler's one loop. */
final class Cycle implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Cycle.class);
    private static final Duration STORAGE_LIMIT = Duration.ofSeconds(30);

    /** What a cycle needs, and never changes while it runs. */
    record Parts(World world, PodQueue queue, Placement placement, Preemption preemption, Storage storage, VolumeBinder volumes, Binder binder,
            Evictor evictor, PodStatus status, Events events, Crew crew, Supplier<Map<String, Profile>> profiles) {
    }

    private final Parts parts;
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile String trouble = "";

    Cycle(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void run() {
        try {
            for (PodInfo pod = parts.queue.take(); pod != null; pod = parts.queue.take()) {
                step(pod);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(PodInfo pod) throws InterruptedException {
        try {
            schedule(pod);
            steps.incrementAndGet();
        } catch (ClusterException e) {
            // the world, not a bug: what was decided stands, only the telling failed
            LOG.warn("A pod's status was not written pod={} why={}", pod.key(), e.getMessage());
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            trouble = e.toString();
            LOG.error("Scheduling failed pod={}", pod.key(), e);
            parts.queue.failed(pod.key());
        }
    }

    private void schedule(PodInfo pod) throws ClusterException, InterruptedException {
        Profile profile = parts.profiles.get().get(pod.wish().scheduler());
        if (profile == null) {
            parts.queue.remove(pod.key());
            return;
        }
        if (!pod.volumes().claims().isEmpty() && !parts.storage.ready(STORAGE_LIMIT)) {
            LOG.warn("Claims and volumes are not listed yet; the pod is tried again pod={}", pod.key());
            parts.queue.failed(pod.key());
            return;
        }
        Chosen chosen;
        parts.world.lock().lock();
        try {
            chosen = choose(profile, pod);
        } finally {
            parts.world.lock().unlock();
        }
        if (chosen.assumed != null) {
            bind(pod, chosen);
        } else {
            refuse(pod, chosen);
        }
    }

    /** @param assumed the pod with its node, null without one; then @param message why, and @param victims who goes for it, or null */
    private record Chosen(PodInfo assumed, VolumeBinding.Decision decision, String message, Victims victims, List<PodInfo> outranked,
            Placement.Found found) {
    }

    private Chosen choose(Profile profile, PodInfo pod) {
        Placement.Found found = parts.placement.choose(profile, pod);
        if (found.node() != null) {
            VolumeBinding.Decision decision = found.rules().rule(VolumeBinding.Binding.class).map(b -> b.decision(found.node()))
                    .orElse(new VolumeBinding.Decision(found.node().name(), Map.of(), List.of()));
            parts.volumes.promise(decision, pod.key().namespace());
            PodInfo assumed = pod.on(found.node().name());
            parts.world.place(assumed);
            parts.world.denominate(pod.key());
            return new Chosen(assumed, decision, "", null, List.of(), found);
        }
        String message = found.message();
        if (found.all() == 0 || !profile.preempts()) {
            return new Chosen(null, null, message, null, List.of(), found);
        }
        Preemption.Outcome room = parts.preemption.find(profile, found);
        List<PodInfo> outranked = List.of();
        if (room.victims() != null) {
            outranked = parts.world.nominatedTo(room.victims().node()).stream().filter(p -> p.priority() < pod.priority()).toList();
            outranked.forEach(p -> parts.world.denominate(p.key()));
            parts.world.nominate(pod.nominated(room.victims().node()), room.victims().node());
        } else if (!room.message().startsWith("preemption: not eligible")) {
            parts.world.denominate(pod.key());
        }
        return new Chosen(null, null, room.message().isEmpty() ? message : message + " " + room.message(), room.victims(), outranked, found);
    }

    private void bind(PodInfo pod, Chosen chosen) throws InterruptedException {
        parts.queue.binding(pod.key());
        Crew.Work work = () -> parts.binder.bind(pod, chosen.assumed, chosen.decision);
        if (chosen.decision.nothing()) {
            parts.crew.start("bind", work);
        } else {
            parts.crew.startWaiting("bind-volumes", work);
        }
    }

    private void refuse(PodInfo pod, Chosen chosen) throws ClusterException, InterruptedException {
        parts.queue.unplaced(pod.key(), chosen.found.blamed(), chosen.victims != null);
        String nominated;
        parts.world.lock().lock();
        try {
            nominated = parts.world.nomination(pod.key());
        } finally {
            parts.world.lock().unlock();
        }
        try {
            parts.events.warning(pod.reference(), "FailedScheduling", chosen.message);
            parts.status.unscheduled(pod, "Unschedulable", chosen.message, nominated);
        } finally {
            if (chosen.victims != null) {
                parts.crew.startWaiting("evict", () -> parts.evictor.evict(pod, chosen.victims, chosen.outranked));
            }
        }
    }

    long steps() {
        return steps.get();
    }

    long failures() {
        return failures.get();
    }

    String trouble() {
        return trouble;
    }
}
