package io.manul.kubelet.pod;

import io.manul.client.ClusterException;
import io.manul.client.Propagation;
import io.manul.client.Resources;
import io.manul.cri.CriException;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.probe.PodProbes;
import io.manul.kubelet.runtime.CriWords;
import io.manul.kubelet.runtime.Instance;
import io.manul.kubelet.runtime.Observed;
import io.manul.kubelet.runtime.Observer;
import io.manul.kubelet.runtime.Sandbox;
import io.manul.kubelet.status.Facts;
import io.manul.kubelet.status.Phase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod on this node, from its binding to its removal. Each {@link #step} looks at what is and does what is missing, so that
 * it does not matter what an earlier version of us did (Kubernetes, "Pod Lifecycle").
 *
 * <p>1 gone or deleting: stop containers, sandbox; release; delete it in the API. 2 over (its phase is final): stop what is
 * left. 3 else: sandbox, volumes, init containers, containers, probes. The pod's worker only.
 */
final class PodLife implements AutoCloseable {

    /** What a step came to. @param over nothing of the pod is left @param again when to look without being told; empty: never */
    record Next(boolean over, Optional<Duration> again) {
        static final Next OVER = new Next(true, Optional.empty());
        static final Next WAIT = new Next(false, Optional.empty());

        static Next in(Duration d) {
            return new Next(false, Optional.of(d));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(PodLife.class);
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);

    private final Parts parts;
    private final String uid;
    private final Observer observer;
    private final Words words;
    private final Stops stops;
    private final Starter starter;
    private final PodProbes probes;
    private final Sandboxes sandboxes;
    private final StatusWriter status;
    private final Refusals refusals;
    private final PodVolumes volumes;
    private final Ending ending;
    private Optional<Obj> failure = Optional.empty();
    /** The sandbox whose network policies are in force. */
    private String guarded = "";
    /** The API did not take the status in this step. */
    private boolean unwritten;

    PodLife(Parts parts, String uid, Runnable changed) {
        this.parts = parts;
        this.uid = uid;
        this.observer = new Observer(parts.runtime());
        this.words = new Words();
        this.stops = new Stops(parts.runtime(), parts.prober(), parts.events(), parts.clock(), changed);
        this.starter = new Starter(parts, stops, changed);
        this.probes = new PodProbes(parts.prober(), parts.events(), parts.clock(), changed);
        this.sandboxes = new Sandboxes(parts);
        this.status = new StatusWriter(parts);
        this.refusals = new Refusals(parts.events());
        this.volumes = new PodVolumes(parts, refusals, changed);
        this.ending = new Ending(parts, stops);
    }

    /** @param gone the API does not have the pod any more */
    Next step(Pod told, boolean gone) throws CriException, ClusterException, InterruptedException, IOException {
        Observed seen = observer.observe(uid);
        words.keep(seen.instances());
        stops.keep(seen.running());
        unwritten = false;
        Pod pod = gone ? told : status.newest(told);
        if (gone || pod.deleting()) {
            return end(pod, gone, seen);
        }
        Optional<Duration> deadline = deadline(pod);
        if (!pod.over() && failure.isEmpty()) {
            admit(pod, seen);
        }
        if (pod.over() || failure.isPresent() || ended(pod, seen)) {
            return settle(pod, seen);
        }
        Next next = earlier(run(pod, seen), deadline);
        return unwritten ? earlier(next, Optional.of(RETRY_FIRST)) : next;
    }

    /** The pod is to go: what holds the worker for long is given up. From any thread. */
    void hasten() {
        starter.hasten();
    }

    private static Next earlier(Next next, Optional<Duration> other) {
        return other.isEmpty() || next.again().isPresent() && next.again().get().compareTo(other.get()) <= 0 ? next : Next.in(other.get());
    }

    private void admit(Pod pod, Observed seen) {
        failure = parts.admission().refusal(pod, !seen.nothing() || pod.status().has("startTime"), parts.all().get(),
                parts.node().get().orElseGet(Obj::of));
        failure.ifPresent(f -> parts.events().warning(pod.reference(), f.text("reason"), Admission.told(f)));
    }

    /** What is left of activeDeadlineSeconds; passed: the pod has failed. */
    private Optional<Duration> deadline(Pod pod) {
        OptionalLong limit = pod.spec().number("activeDeadlineSeconds");
        Optional<Instant> start = pod.status().string("startTime").map(Instant::parse);
        if (limit.isEmpty() || start.isEmpty() || pod.over()) {
            return Optional.empty();
        }
        Duration left = Duration.between(parts.clock().instant(), start.get().plusSeconds(limit.getAsLong()));
        if (left.isPositive()) {
            return Optional.of(left);
        }
        if (failure.isEmpty()) {
            String message = "Pod was active on the node longer than the specified deadline";
            failure = Optional.of(Obj.of("reason", "DeadlineExceeded", "message", message));
            parts.events().normal(pod.reference(), "DeadlineExceeded", message);
        }
        return Optional.empty();
    }

    // ---- 3: it shall run

    private Next run(Pod pod, Observed before) throws CriException, InterruptedException {
        Observed seen = before;
        Plan plan = plan(pod, seen);
        if (plan.sandbox()) {
            show(pod, seen);
            Optional<Duration> refused = sandbox(pod, seen);
            if (refused.isPresent()) {
                return Next.in(refused.get());
            }
            seen = observer.observe(uid);
            show(pod, seen);
            plan = plan(pod, seen);
            if (plan.sandbox()) {
                return Next.in(RETRY_FIRST); // it ended at once
            }
        }
        Optional<Duration> due = volumes.ensure(pod, seen);
        if (volumes.folders().isEmpty()) {
            show(pod, seen);
            return Next.in(due.orElse(RETRY_FIRST));
        }
        Next next = earlier(Next.WAIT, due);
        String ip = ip(pod, seen);
        for (Map.Entry<Instance, String> kill : plan.kill().entrySet()) {
            kill(pod, kill.getKey(), kill.getValue(), ip);
        }
        starter.waiting().keySet().retainAll(plan.start());
        if (!plan.start().isEmpty()) {
            Optional<Duration> unguarded = guard(pod, seen);
            if (unguarded.isPresent()) {
                show(pod, seen);
                return Next.in(unguarded.get());
            }
        }
        for (String name : plan.start()) {
            next = earlier(next, starter.start(pod, pod.container(name).orElseThrow(), seen, volumes.folders().get()));
        }
        if (!plan.start().isEmpty()) {
            seen = observer.observe(uid);
            sandboxes.tidy(pod, seen);
        }
        if (ended(pod, seen)) {
            return Next.in(Duration.ZERO);
        }
        probes.sync(pod, seen, ip);
        show(pod, seen);
        return next;
    }

    private static boolean ended(Pod pod, Observed seen) {
        return !seen.instances().isEmpty() && Phase.over(Phase.of(pod, seen, false));
    }

    private Plan plan(Pod pod, Observed seen) {
        return Plan.of(pod, seen, probes::started, probes::unhealthy);
    }

    private void kill(Pod pod, Instance container, String why, String ip) {
        long grace = pod.container(container.name()).flatMap(c -> probes.grace(c, container))
                .orElseGet(() -> pod.spec().number("terminationGracePeriodSeconds").orElse(30));
        if (stops.stop(pod, container, ip, grace)) {
            parts.events().normal(pod.about(container.name()), "Killing", why);
        }
    }

    /** @return empty when it was made, else when to try again */
    private Optional<Duration> sandbox(Pod pod, Observed seen) throws CriException, InterruptedException {
        Optional<String> unable = Admission.unable(pod);
        if (unable.isPresent()) {
            return refusals.tell(pod, "FailedCreatePodSandBox", unable.get());
        }
        Optional<Duration> due = volumes.ensure(pod, seen);
        if (volumes.folders().isEmpty()) {
            return due;
        }
        try {
            sandboxes.renew(pod, seen);
            refusals.clear();
            return Optional.empty();
        } catch (CriException e) {
            if (e.unavailable()) {
                throw e;
            }
            return refusals.tell(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + CriWords.rpc(e));
        } catch (IOException e) {
            return refusals.tell(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e);
        }
    }

    /** No container starts before the network policies for its sandbox are in force. @return when to try again */
    private Optional<Duration> guard(Pod pod, Observed seen) throws InterruptedException {
        Optional<Sandbox> sandbox = seen.readySandbox();
        if (sandbox.isEmpty() || sandbox.get().id().equals(guarded)) {
            return Optional.empty();
        }
        try {
            parts.guard().guard(pod, sandbox.get());
            guarded = sandbox.get().id();
            refusals.clear();
            return Optional.empty();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return refusals.tell(pod, "NetworkNotReady", "network policies are not in force yet: " + e.getMessage());
        }
    }

    private String ip(Pod pod, Observed seen) {
        return pod.hostNetwork() ? parts.settings().nodeIp()
                : seen.readySandbox().flatMap(s -> s.ips().stream().findFirst()).orElse("");
    }

    /** While containers run, an API that is away only delays what it shows. */
    private void show(Pod pod, Observed seen) throws InterruptedException {
        try {
            write(pod, seen, false);
        } catch (ClusterException e) {
            LOG.debug("Status not written; tried again pod={} why={}", pod.full(), e.getMessage());
            unwritten = true;
        }
    }

    private void write(Pod pod, Observed seen, boolean terminal) throws ClusterException, InterruptedException {
        status.write(pod, seen, new Facts(List.of(parts.settings().nodeIp()), starter.waiting(),
                i -> pod.container(i.name()).map(c -> probes.ready(c, i)).orElse(false),
                i -> pod.container(i.name()).map(c -> probes.started(c, i)).orElse(false), words::of, failure, terminal,
                parts.clock().instant()));
    }

    // ---- 2: it is over

    private Next settle(Pod pod, Observed seen) throws CriException, ClusterException, InterruptedException, IOException {
        starter.waiting().clear();
        parts.images().forget(uid);
        probes.ending();
        if (!ending.stop(pod, seen, ip(pod, seen), pod.spec().number("terminationGracePeriodSeconds").orElse(30))) {
            if (!pod.over()) {
                write(pod, seen, false);
            }
            return Next.WAIT;
        }
        probes.close();
        Observed last = seen;
        if (seen.readySandbox().isPresent()) {
            sandboxes.stop(seen);
            last = observer.observe(uid);
        }
        if (!pod.over()) {
            write(pod, last, true);
        }
        parts.volumes().unmount(uid);
        return Next.WAIT;
    }

    // ---- 1: it is to go

    private Next end(Pod pod, boolean gone, Observed seen) throws CriException, ClusterException, InterruptedException, IOException {
        starter.waiting().clear();
        parts.images().forget(uid);
        probes.ending();
        if (!ending.stop(pod, seen, ip(pod, seen), ending.grace(pod, gone))) {
            if (!gone && !pod.over()) {
                write(pod, seen, false);
            }
            return Next.WAIT;
        }
        probes.close();
        if (!seen.nothing()) {
            sandboxes.stop(seen);
        }
        if (!gone && !pod.over()) {
            write(pod, seen, true);
        }
        sandboxes.remove(pod, seen);
        parts.backoff().forget(uid);
        if (!gone) {
            parts.cluster().delete(Resources.PODS, pod.namespace(), pod.name(), Propagation.DEFAULT, OptionalLong.of(0), uid);
        }
        return Next.OVER;
    }

    /** Ends the threads of this pod; its containers go on. */
    @Override
    public void close() {
        probes.close();
        stops.close();
    }
}
