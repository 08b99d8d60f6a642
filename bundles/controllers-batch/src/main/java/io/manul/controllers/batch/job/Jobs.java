package io.manul.controllers.batch.job;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.controllers.batch.Owners;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The Job controller, wired to its informers. */
public final class Jobs {

    /** Changes of pods come in swarms: one look for all within this time. */
    private static final Duration BATCH = Duration.ofMillis(100);

    private final Informer jobs;
    private final Informer pods;
    private final Expectations expectations = new Expectations(System::nanoTime);
    private final Backoff backoff = new Backoff();
    private final Strays strays;
    private Controller controller;
    private Controller releases;

    private Jobs(Cluster cluster, Informer jobs, Informer pods) {
        this.jobs = jobs;
        this.pods = pods;
        this.strays = new Strays(cluster, jobs, pods);
    }

    /**
     * The Job controller, and one that releases the pods of Jobs that are gone. Not started.
     *
     * @param pods with the index {@link Owners#INDEX}; opened here when there is a Job that runs, closed by the caller
     */
    public static List<Controller> controllers(Cluster cluster, Informer jobs, Informer pods, Events events, InstantSource clock) {
        Jobs j = new Jobs(cluster, jobs, pods);
        JobPods acts = new JobPods(cluster, j.expectations, events, clock);
        Tracking tracking = new Tracking(cluster, acts, j.expectations, j.backoff, events);
        j.controller = new Controller("job", new JobReconciler(jobs, acts, new Claims(cluster, pods), j.strays, tracking, j.expectations,
                j.backoff,
                events, clock), List.of(jobs));
        j.releases = new Controller("job-strays", j.strays, List.of(jobs));
        jobs.listen(j::job);
        pods.listen(j::pod);
        j.controller.queue().add(new Key("", ""));
        return List.of(j.controller, j.releases);
    }

    private void job(Informer.Change change) {
        Obj job = change.object();
        boolean gone = change.kind() == Informer.Kind.DELETED;
        if (gone) {
            expectations.forget(job.uid());
            backoff.forget(job.uid());
        }
        if (gone || JobSpec.finished(job)) {
            pods.byIndex(Owners.INDEX, job.uid()).stream().filter(JobPod::tracked).forEach(p -> releases.queue().add(Key.of(p)));
        }
        controller.queue().add(Key.of(job));
    }

    private void pod(Informer.Change change) {
        Obj pod = change.object();
        boolean gone = change.kind() == Informer.Kind.DELETED;
        Optional<Obj> owner = Owners.controller(pod);
        String uid = owner.map(o -> o.text("uid")).orElse("");
        if (change.kind() == Informer.Kind.ADDED) {
            expectations.created(uid);
        }
        if (gone || pod.deleting()) {
            expectations.deleted(uid, pod.uid());
        }
        if (gone || !JobPod.tracked(pod)) {
            expectations.released(uid, pod.uid());
        }
        if (!gone && strays.stray(pod)) {
            releases.queue().add(Key.of(pod));
        }
        enqueue(pod);
        Obj before = change.previous();
        if (before != null && !Objects.equals(Owners.controller(before), owner)) {
            Owners.controller(before).ifPresent(o -> expectations.released(o.text("uid"), pod.uid()));
            enqueue(before);
        }
        boolean moved = before == null || !before.labels().equals(pod.labels()) || !Objects.equals(Owners.controller(before), owner);
        if (owner.isEmpty() && !gone && moved) {
            jobs.list(pod.namespace()).stream().filter(j -> Selector.of(j.at("spec", "selector")).matches(pod.labels()))
                    .forEach(j -> controller.queue().addAfter(Key.of(j), BATCH));
        }
    }

    private void enqueue(Obj pod) {
        Owners.controllerKey(pod, "Job").ifPresent(k -> controller.queue().addAfter(k, BATCH));
    }
}
