package io.manul.controllers.batch.job;

import io.manul.client.Resources;
import io.manul.controllers.batch.Owners;
import io.manul.json.Obj;
import java.util.List;

/** A pod as the Job's template has it, with what tracking and indexes add (Kubernetes, "Jobs", Completion mode). Pure. */
final class JobTemplate {

    /** Of a name that is made, what may be given. */
    private static final int MOST_PREFIX = 58;
    private static final String ENV = "JOB_COMPLETION_INDEX";

    private JobTemplate() {
    }

    static Obj pod(Obj job) {
        Obj template = job.at("spec", "template").copy();
        Obj metadata = Obj.of("generateName", job.name() + "-", "namespace", job.namespace(),
                "ownerReferences", List.of(Owners.reference(job, Resources.JOBS)));
        for (String part : List.of("labels", "annotations", "finalizers")) {
            metadata.put(part, template.get("metadata", part));
        }
        if (!metadata.strings("finalizers").contains(JobPod.FINALIZER)) {
            metadata.list("finalizers").add(JobPod.FINALIZER);
        }
        return Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", metadata, "spec", template.at("spec"));
    }

    /** @param before the failed pod of this index that it replaces, where the index has a limit of its own; else null */
    static Obj pod(Obj job, int index, Obj before) {
        Obj pod = pod(job);
        String number = Integer.toString(index);
        pod.make("metadata", "labels").put(JobPod.INDEX, number);
        pod.make("metadata", "annotations").put(JobPod.INDEX, number);
        String tail = "-" + number + "-";
        String head = job.name();
        pod.set((head.length() + tail.length() > MOST_PREFIX ? head.substring(0, MOST_PREFIX - tail.length()) : head) + tail, "metadata",
                "generateName");
        pod.set(head + "-" + number, "spec", "hostname");
        for (String list : List.of("initContainers", "containers")) {
            pod.objects("spec", list).forEach(JobTemplate::environment);
        }
        if (JobSpec.limitPerIndex(job)) {
            failures(pod.make("metadata", "annotations"), job, before);
        }
        return pod;
    }

    private static void environment(Obj container) {
        if (container.objects("env").stream().noneMatch(e -> e.text("name").equals(ENV))) {
            container.list("env").add(Obj.of("name", ENV, "valueFrom", Obj.of("fieldRef",
                    Obj.of("fieldPath", "metadata.labels['" + JobPod.INDEX + "']"))).map());
        }
    }

    private static void failures(Obj annotations, Obj job, Obj before) {
        long counted = 0;
        long ignored = 0;
        if (before != null) {
            boolean counts = FailurePolicy.of(job, before).counts();
            counted = JobPod.failures(before) + (counts ? 1 : 0);
            ignored = JobPod.ignoredFailures(before) + (counts ? 0 : 1);
        }
        annotations.put(JobPod.FAILURES, Long.toString(counted));
        annotations.put(JobPod.IGNORED, ignored == 0 ? null : Long.toString(ignored));
    }
}
