package io.manul.apiserver.kinds.batch;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Validation of a Job's status, whoever writes it (batch/v1 JobStatus; KEP-4368): rules count where their fields changed. */
final class JobStatusRules {

    private final Obj job;
    private final Obj status;
    private final Obj before;
    private final FieldErrors e;

    JobStatusRules(Obj job, Obj old, FieldErrors e) {
        this.job = job;
        this.status = job.at("status");
        this.before = old.at("status");
        this.e = e;
    }

    void check() {
        for (String n : List.of("active", "succeeded", "failed", "ready", "terminating")) {
            status.number(n).ifPresent(v -> Texts.notNegative(v, "status." + n, e));
        }
        uncounted();
        terminal();
        times();
        indexes();
        finished();
        if ((changed("ready") || changed("active")) && number("ready") > number("active")) {
            e.invalid("status.ready", number("ready"), "cannot set more ready pods than active");
        }
        if (number("failed") < before.number("failed").orElse(0)) {
            e.invalid("status.failed", number("failed"), "cannot decrease the failed counter");
        }
        boolean elastic = indexed() && Objects.equals(job.get("spec", "completions"), job.get("spec", "parallelism"));
        if (!elastic && number("succeeded") < before.number("succeeded").orElse(0)) {
            e.invalid("status.succeeded", number("succeeded"), "cannot decrease the succeeded counter");
        }
    }

    private long number(String field) {
        return status.number(field).orElse(0);
    }

    private boolean changed(String field) {
        return !Objects.equals(status.get(field), before.get(field));
    }

    private boolean indexed() {
        return job.text("spec", "completionMode").equals("Indexed");
    }

    private static boolean holds(Obj status, String type, String value) {
        return status.objects("conditions").stream().anyMatch(c -> c.text("type").equals(type) && c.text("status").equals(value));
    }

    private boolean now(String type) {
        return holds(status, type, "True");
    }

    private boolean then(String type) {
        return holds(before, type, "True");
    }

    private boolean turned(String type) {
        return now(type) != then(type);
    }

    private void conditions(boolean wrong, String why) {
        if (wrong) {
            e.invalid("status.conditions", "", why);
        }
    }

    private void uncounted() {
        Set<String> seen = new HashSet<>();
        for (String which : List.of("succeeded", "failed")) {
            List<String> uids = status.strings("uncountedTerminatedPods", which);
            for (int i = 0; i < uids.size(); i++) {
                String path = "status.uncountedTerminatedPods." + which + "[" + i + "]";
                if (uids.get(i).isEmpty()) {
                    e.invalid(path, "", "must not be empty");
                } else if (!seen.add(uids.get(i))) {
                    e.duplicate(path, uids.get(i));
                }
            }
        }
    }

    private void terminal() {
        boolean complete = turned("Complete");
        conditions((complete || turned("Failed")) && now("Complete") && now("Failed"),
                "cannot set Complete=True and Failed=true conditions");
        conditions((complete || turned("FailureTarget")) && now("Complete") && now("FailureTarget"),
                "cannot set Complete=True and FailureTarget=true conditions");
        conditions((turned("Failed") || changed("failedIndexes")) && now("Failed") && !now("FailureTarget"),
                "cannot set Failed=True condition without the FailureTarget=true condition");
        conditions((complete || turned("SuccessCriteriaMet")) && now("Complete") && !now("SuccessCriteriaMet"),
                "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        conditions(now("SuccessCriteriaMet") && now("Failed"), "cannot set SuccessCriteriaMet=True and Failed=true conditions");
        conditions(now("SuccessCriteriaMet") && now("FailureTarget"),
                "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        conditions(job.has("spec", "successPolicy") && now("Complete") && !now("SuccessCriteriaMet"),
                "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        for (String type : List.of("Failed", "Complete", "FailureTarget")) {
            conditions(then(type) && !now(type), "cannot disable the terminal " + type + "=True condition");
        }
        conditions(then("SuccessCriteriaMet") && !now("SuccessCriteriaMet"), "cannot disable the SuccessCriteriaMet=True condition");
        conditions(then("Complete") && !then("SuccessCriteriaMet") && now("SuccessCriteriaMet"),
                "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
    }

    private void times() {
        String start = status.text("startTime");
        String end = status.text("completionTime");
        if (turned("Complete") || changed("completionTime")) {
            if (!end.isEmpty() && !now("Complete")) {
                e.invalid("status.completionTime", end, "cannot set completionTime when there is no Complete=True condition");
            }
            if (end.isEmpty() && now("Complete")) {
                e.required("status.completionTime", "completionTime is required for Complete jobs");
            }
        }
        if ((changed("startTime") || changed("completionTime")) && !start.isEmpty() && !end.isEmpty() && Instant.parse(end)
                .isBefore(Instant.parse(start))) {
            e.invalid("status.completionTime", end, "must be equal to or after `startTime`");
        }
        if (before.has("completionTime") && !end.isEmpty() && changed("completionTime")) {
            e.immutable("status.completionTime", end);
        }
        boolean resuming = holds(before, "Suspended", "True") && holds(status, "Suspended", "False");
        if (before.has("startTime") && changed("startTime") && !resuming && !job.flag("spec", "suspend")) {
            e.invalid("status.startTime", start.isEmpty() ? null : start, "field is immutable for unsuspended job once set");
        }
    }

    private void indexes() {
        long completions = job.number("spec", "completions").orElse(0);
        String completed = status.text("completedIndexes");
        String failed = status.text("failedIndexes");
        boolean formed = formed("completedIndexes", completed, completions) & formed("failedIndexes", failed, completions);
        if (changed("completedIndexes") && !completed.isEmpty() && !indexed()) {
            e.invalid("status.completedIndexes", completed, "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (changed("failedIndexes") && status.has("failedIndexes") && !job.has("spec", "backoffLimitPerIndex")) {
            e.invalid("status.failedIndexes", failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if (formed && (changed("failedIndexes") || changed("completedIndexes")) && job.has("spec", "completions")) {
            int common = IndexText.common(completed, failed, completions);
            if (common >= 0) {
                e.invalid("status.failedIndexes", failed, "failedIndexes and completedIndexes overlap at index: " + common);
            }
        }
    }

    private boolean formed(String field, String text, long completions) {
        try {
            IndexText.count(text, completions);
            return true;
        } catch (IllegalArgumentException x) {
            if (changed(field) && job.has("spec", "completions")) {
                e.invalid("status." + field, text, "error parsing " + field + ": " + x.getMessage());
            }
            return false;
        }
    }

    private void finished() {
        boolean finished = now("Complete") || now("Failed");
        boolean turned = finished != (then("Complete") || then("Failed"));
        if (!finished) {
            return;
        }
        if ((turned || changed("active")) && number("active") > 0) {
            e.invalid("status.active", number("active"), "active>0 is invalid for finished job");
        }
        boolean nothingToDo = job.flag("spec", "suspend") && job.number("spec", "completions").orElse(-1) == 0;
        if ((turned || changed("startTime")) && !nothingToDo && !status.has("startTime")) {
            e.required("status.startTime", "startTime is required for finished job");
        }
        Obj uncounted = status.at("uncountedTerminatedPods");
        if ((turned || changed("uncountedTerminatedPods")) && !(uncounted.strings("succeeded").isEmpty() && uncounted.strings("failed")
                .isEmpty())) {
            e.invalid("status.uncountedTerminatedPods", uncounted.map(), "must be empty for finished job");
        }
        if ((turned || changed("terminating")) && number("terminating") > 0) {
            e.invalid("status.terminating", number("terminating"), "terminating>0 is invalid for finished job");
        }
    }
}
