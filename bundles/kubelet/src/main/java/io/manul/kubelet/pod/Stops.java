package io.manul.kubelet.pod;

import io.manul.client.Events;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.StopContainerRequest;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.probe.Prober;
import io.manul.kubelet.runtime.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers of one pod that are being stopped: the preStop hook, TERM, the grace, KILL (Kubernetes, "Pod Lifecycle",
 * "Termination of Pods"), each on a virtual thread so that the worker still hears when less grace is left. The worker's only.
 */
final class Stops implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Stops.class);
    /** After its grace was used up by the hook a container still gets so long. */
    private static final long LEAST_SECONDS = 2;

    private record Stop(Thread thread, Instant until) {
    }

    private final ContainerRuntime runtime;
    private final Prober prober;
    private final Events events;
    private final InstantSource clock;
    private final Runnable changed;
    private final Map<String, Stop> stops = new HashMap<>();

    Stops(ContainerRuntime runtime, Prober prober, Events events, InstantSource clock, Runnable changed) {
        this.runtime = runtime;
        this.prober = prober;
        this.events = events;
        this.clock = clock;
        this.changed = changed;
    }

    /** Forgets those of containers that run no more. */
    void keep(List<Instance> running) {
        stops.entrySet().removeIf(e -> !e.getValue().thread.isAlive() && running.stream().noneMatch(i -> i.id().equals(e.getKey())));
    }

    /** Begins, or hastens, the end of a container. @return true when it just began */
    boolean stop(Pod pod, Instance container, String ip, long graceSeconds) {
        Instant until = clock.instant().plusSeconds(graceSeconds);
        Stop before = stops.get(container.id());
        boolean alive = before != null && before.thread.isAlive();
        if (alive && !until.isBefore(before.until.minusMillis(900))) {
            return false;
        }
        if (alive) {
            before.thread.interrupt();
        }
        Obj spec = pod.container(container.name()).orElseGet(Obj::of);
        Obj hook = alive ? Obj.of() : spec.at("lifecycle", "preStop");
        stops.put(container.id(), new Stop(Thread.ofVirtual().name("stop-" + pod.name() + "-" + container.name())
                .start(() -> run(pod, container, spec, hook, ip, until)), until));
        return !alive;
    }

    private void run(Pod pod, Instance container, Obj spec, Obj hook, String ip, Instant until) {
        try {
            if (!hook.isEmpty()) {
                Prober.Result r = prober.attempt(hook, spec, container.id(), ip, left(until));
                if (!r.well()) {
                    LOG.info("PreStop hook failed pod={} container={} why={}", pod.full(), container.name(), r.message());
                    // not what it printed, which may hold secrets
                    events.warning(pod.about(container.name()), "FailedPreStopHook", "PreStopHook failed");
                }
            }
            runtime.stopContainer(StopContainerRequest.newBuilder().setContainerId(container.id())
                    .setTimeout(Math.max(hook.isEmpty() ? 0 : LEAST_SECONDS, left(until).toSeconds())).build());
        } catch (CriException e) {
            if (!e.notFound()) {
                LOG.warn("Container not stopped; tried again pod={} container={} why={}", pod.full(), container.name(), e.getMessage());
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        changed.run();
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration left(Instant until) {
        Duration left = Duration.between(clock.instant(), until);
        return left.isNegative() ? Duration.ZERO : left.plusMillis(500);
    }

    @Override
    public void close() {
        List<Thread> threads = new ArrayList<>();
        stops.values().forEach(s -> threads.add(s.thread));
        threads.forEach(Thread::interrupt);
        boolean interrupted = Thread.interrupted();
        for (Thread t : threads) {
            try {
                t.join(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
