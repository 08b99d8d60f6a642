package io.manul.controllers.batch.job;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the Job controller asks of a pod. Pure. */
final class JobPod {

    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";
    static final String IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count";
    static final int NO_INDEX = -1;

    private JobPod() {
    }

    static boolean tracked(Obj pod) {
        return pod.strings("metadata", "finalizers").contains(FINALIZER);
    }

    static String phase(Obj pod) {
        return pod.text("status", "phase");
    }

    static boolean succeeded(Obj pod) {
        return phase(pod).equals("Succeeded");
    }

    private static boolean ended(Obj pod) {
        return succeeded(pod) || phase(pod).equals("Failed");
    }

    static boolean active(Obj pod) {
        return !ended(pod) && !pod.deleting();
    }

    /** Going, and its containers have not ended. */
    static boolean terminating(Obj pod) {
        return !ended(pod) && pod.deleting();
    }

    /** One that is going counts as failed at once, unless replacements wait until it has ended. */
    static boolean failed(Obj pod, Obj job) {
        return phase(pod).equals("Failed") || !JobSpec.replacesFailedOnly(job) && pod.deleting() && !succeeded(pod);
    }

    static boolean ready(Obj pod) {
        return pod.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status")
                .equals("True"));
    }

    static int index(Obj pod) {
        String index = pod.annotations().getOrDefault(INDEX, "");
        return index.matches("[0-9]{1,9}") ? Integer.parseInt(index) : NO_INDEX;
    }

    /** Its index, when that is one of the Job's. */
    static boolean indexOf(Obj pod, Obj job) {
        int index = index(pod);
        return index != NO_INDEX && index < JobSpec.indexes(job);
    }

    static Set<Integer> indexes(Collection<Obj> pods) {
        return pods.stream().map(JobPod::index).filter(i -> i != NO_INDEX).collect(Collectors.toCollection(TreeSet::new));
    }

    static long failures(Obj pod) {
        return count(pod, FAILURES);
    }

    static long ignoredFailures(Obj pod) {
        return count(pod, IGNORED);
    }

    /** Those that a policy ignores too. */
    static long allFailures(Obj pod) {
        return failures(pod) + ignoredFailures(pod);
    }

    private static long count(Obj pod, String annotation) {
        String n = pod.annotations().getOrDefault(annotation, "");
        return n.matches("[0-9]{1,9}") ? Long.parseLong(n) : 0;
    }

    /** When it ended: by its containers, else since when it is not ready, else when it was asked to go, else its birth. */
    static Instant finishedAt(Obj pod) {
        return lastContainer(pod).or(() -> notReady(pod)).or(() -> pod.string("metadata", "deletionTimestamp").map(Instant::parse)
                .map(t -> t.minusSeconds(pod.number("metadata", "deletionGracePeriodSeconds").orElse(0))))
                .orElseGet(() -> pod.string("metadata", "creationTimestamp").map(Instant::parse).orElse(Instant.EPOCH));
    }

    private static Optional<Instant> lastContainer(Obj pod) {
        Set<String> sidecars = pod.objects("spec", "initContainers").stream().filter(c -> c.text("restartPolicy").equals("Always"))
                .map(c -> c.text("name")).collect(Collectors.toSet());
        List<Obj> all = pod.objects("status", "containerStatuses");
        pod.objects("status", "initContainerStatuses").stream().filter(s -> sidecars.contains(s.text("name"))).forEach(all::add);
        if (all.stream().anyMatch(s -> s.text("state", "terminated", "finishedAt").isEmpty())) {
            return Optional.empty();
        }
        return all.stream().map(s -> Instant.parse(s.text("state", "terminated", "finishedAt"))).max(Instant::compareTo);
    }

    private static Optional<Instant> notReady(Obj pod) {
        return pod.objects("status", "conditions").stream().filter(c -> c.text("type").equals("Ready") && c.text("status").equals("False"))
                .flatMap(c -> c.string("lastTransitionTime").stream()).map(Instant::parse).findFirst();
    }
}
