package io.manul.kubelet.probe;

import io.manul.client.Events;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The probes of one pod: a virtual thread for each probe of each container that runs. Liveness and readiness begin once the
 * container has started up. {@link #sync} and {@link #close} by the pod's worker, results from any thread.
 */
public final class PodProbes implements AutoCloseable {

    private enum Kind {
        STARTUP("startupProbe", "Startup"), LIVENESS("livenessProbe", "Liveness"), READINESS("readinessProbe", "Readiness");

        private final String field;
        private final String word;

        Kind(String field, String word) {
            this.field = field;
            this.word = word;
        }
    }

    private record Of(String id, Kind kind) {
    }

    private record Failed(String container, Kind kind) {
    }

    private final Prober prober;
    private final Events events;
    private final InstantSource clock;
    private final Runnable changed;
    private final Map<Of, Thread> loops = new HashMap<>();
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private final Map<String, Failed> failed = new ConcurrentHashMap<>();

    /** @param changed told when a result changed; returns at once */
    public PodProbes(Prober prober, Events events, InstantSource clock, Runnable changed) {
        this.prober = prober;
        this.events = events;
        this.clock = clock;
        this.changed = changed;
    }

    /** Starts what is missing, ends what has no container any more. @param ip of the pod */
    public void sync(Pod pod, Observed seen, String ip) throws InterruptedException {
        Set<Of> wanted = new HashSet<>();
        for (Obj container : pod.allContainers()) {
            Optional<Instance> latest = seen.latest(container.text("name")).filter(Instance::running);
            if (latest.isPresent()) {
                sync(pod, container, latest.get(), ip, wanted);
            }
        }
        List<Map.Entry<Of, Thread>> over = loops.entrySet().stream().filter(e -> !wanted.contains(e.getKey())).toList();
        end(over.stream().map(Map.Entry::getValue).toList());
        over.forEach(e -> loops.remove(e.getKey()));
        Set<String> ids = new HashSet<>();
        seen.running().forEach(i -> ids.add(i.id()));
        started.retainAll(ids);
        ready.retainAll(ids);
        failed.keySet().retainAll(ids);
    }

    /** The pod ends: only its readiness is still asked for, until its containers are gone ("Termination of Pods"). */
    public void ending() throws InterruptedException {
        List<Map.Entry<Of, Thread>> over = loops.entrySet().stream().filter(e -> e.getKey().kind != Kind.READINESS).toList();
        end(over.stream().map(Map.Entry::getValue).toList());
        over.forEach(e -> loops.remove(e.getKey()));
    }

    private void sync(Pod pod, Obj container, Instance instance, String ip, Set<Of> wanted) {
        before(pod, container, instance);
        if (container.has(Kind.STARTUP.field) && !started.contains(instance.id())) {
            begin(pod, container, instance, Kind.STARTUP, ip, wanted);
            return;
        }
        begin(pod, container, instance, Kind.LIVENESS, ip, wanted);
        begin(pod, container, instance, Kind.READINESS, ip, wanted);
    }

    /** What the API knows of this very container from before a restart of ours holds until a probe says otherwise. */
    private void before(Pod pod, Obj container, Instance instance) {
        if (loops.keySet().stream().anyMatch(o -> o.id.equals(instance.id()))) {
            return;
        }
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            for (Obj s : pod.status().objects(list)) {
                if (s.text("containerID").endsWith("/" + instance.id())) {
                    if (s.flag("started")) {
                        started.add(instance.id());
                    }
                    if (s.flag("ready") && container.has(Kind.READINESS.field)) {
                        ready.add(instance.id());
                    }
                }
            }
        }
    }

    private void begin(Pod pod, Obj container, Instance instance, Kind kind, String ip, Set<Of> wanted) {
        if (!container.has(kind.field)) {
            return;
        }
        Of of = new Of(instance.id(), kind);
        wanted.add(of);
        loops.computeIfAbsent(of, o -> Thread.ofVirtual().name("probe-" + pod.name() + "-" + container.text("name")).start(
                () -> loop(pod, container, instance, kind, ip)));
    }

    private void loop(Pod pod, Obj container, Instance instance, Kind kind, String ip) {
        Probe probe = Probe.of(container.at(kind.field));
        String id = instance.id();
        int successes = 0;
        int failures = 0;
        try {
            Instant began = Instant.ofEpochSecond(0, instance.status().getStartedAt());
            Duration first = probe.delay().minus(Duration.between(began, clock.instant()));
            Thread.sleep(first.isNegative() ? Duration.ZERO : first);
            for (;;) {
                Prober.Result result = prober.attempt(probe.action(), container, id, ip, probe.timeout());
                if (Thread.currentThread().isInterrupted()) {
                    return; // given up, which says nothing about the container
                }
                if (!result.tried()) {
                    events.warning(pod.about(container.text("name")), "Unhealthy",
                            kind.word + " probe errored and resulted in unknown state: " + result.message());
                } else if (result.well()) {
                    successes++;
                    failures = 0;
                    if (successes >= probe.successes() && well(id, kind) && kind == Kind.STARTUP) {
                        return;
                    }
                } else {
                    failures++;
                    successes = 0;
                    events.warning(pod.about(container.text("name")), "Unhealthy", kind.word + " probe failed: " + result.message());
                    if (failures >= probe.failures() && ill(id, kind, container.text("name")) && kind != Kind.READINESS) {
                        return; // the container will be killed
                    }
                }
                Thread.sleep(probe.period());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean well(String id, Kind kind) {
        boolean news = switch (kind) {
            case STARTUP -> started.add(id);
            case READINESS -> ready.add(id);
            case LIVENESS -> false;
        };
        if (news) {
            changed.run();
        }
        return true;
    }

    private boolean ill(String id, Kind kind, String container) {
        boolean news = kind == Kind.READINESS ? ready.remove(id) : failed.put(id, new Failed(container, kind)) == null;
        if (news) {
            changed.run();
        }
        return true;
    }

    public boolean started(Obj container, Instance instance) {
        return instance.running() && (!container.has(Kind.STARTUP.field) || started.contains(instance.id()));
    }

    public boolean ready(Obj container, Instance instance) {
        return started(container, instance) && (!container.has(Kind.READINESS.field) || ready.contains(instance.id()));
    }

    /** Why the container must be restarted, in upstream's words; empty when it is well. */
    public Optional<String> unhealthy(Instance instance) {
        return Optional.ofNullable(failed.get(instance.id())).map(f -> "Container " + f.container + " failed "
                + (f.kind == Kind.STARTUP ? "startup" : "liveness") + " probe, will be restarted");
    }

    /** How long the container has to end after this failure: the probe's own grace, or empty. */
    public Optional<Long> grace(Obj container, Instance instance) {
        Failed f = failed.get(instance.id());
        if (f == null || !container.has(f.kind.field, "terminationGracePeriodSeconds")) {
            return Optional.empty();
        }
        return Optional.of(container.number(f.kind.field, "terminationGracePeriodSeconds").orElse(30));
    }

    private static void end(List<Thread> threads) throws InterruptedException {
        threads.forEach(Thread::interrupt);
        for (Thread t : threads) {
            t.join();
        }
    }

    /** Ends and joins all. */
    @Override
    public void close() {
        List<Thread> all = List.copyOf(loops.values());
        loops.clear();
        boolean interrupted = Thread.interrupted();
        try {
            end(all);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
