package io.manul.controllers.batch.job;

import io.manul.json.Obj;
import java.util.Optional;
import java.util.OptionalLong;

/** What a Job asks for, with the API's defaults. Pure. */
final class JobSpec {

    /** The controller that serves Jobs without {@code spec.managedBy}. */
    static final String CONTROLLER = "kubernetes.io/job-controller";

    private JobSpec() {
    }

    static boolean indexed(Obj job) {
        return job.text("spec", "completionMode").equals("Indexed");
    }

    static OptionalLong completions(Obj job) {
        return job.number("spec", "completions");
    }

    /** The number of indexes of an indexed Job. */
    static int indexes(Obj job) {
        return (int) completions(job).orElse(0);
    }

    static long parallelism(Obj job) {
        return job.number("spec", "parallelism").orElse(1);
    }

    static long backoffLimit(Obj job) {
        return job.number("spec", "backoffLimit").orElse(6);
    }

    static boolean limitPerIndex(Obj job) {
        return indexed(job) && job.has("spec", "backoffLimitPerIndex");
    }

    static boolean suspended(Obj job) {
        return job.flag("spec", "suspend");
    }

    static Optional<Obj> failurePolicy(Obj job) {
        return job.object("spec", "podFailurePolicy");
    }

    /** A pod that is going is replaced only once it has ended. */
    static boolean replacesFailedOnly(Obj job) {
        return job.text("spec", "podReplacementPolicy").equals("Failed") || job.has("spec", "podFailurePolicy");
    }

    /** Another controller cares for it. */
    static boolean foreign(Obj job) {
        String by = job.text("spec", "managedBy");
        return !by.isEmpty() && !by.equals(CONTROLLER);
    }

    /** Complete or Failed. */
    static boolean finished(Obj job) {
        return Conditions.holds(job.at("status"), "Complete") || Conditions.holds(job.at("status"), "Failed");
    }
}
