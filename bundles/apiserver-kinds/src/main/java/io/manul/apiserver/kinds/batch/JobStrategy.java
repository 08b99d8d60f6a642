package io.manul.apiserver.kinds.batch;

import io.manul.apiserver.kinds.Age;
import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.apps.TemplateRules;
import io.manul.apiserver.kinds.pod.PodSpecRules;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Job (batch/v1): its selector is generated from its uid unless the user manages it. */
public final class JobStrategy implements Strategy {

    private static final Cells CELLS = new Cells().text("Status", JobStrategy::status)
            .text("Completions", j -> j.number("status", "succeeded").orElse(0) + "/"
                    + (j.has("spec", "completions") ? Long.toString(j.number("spec", "completions").orElse(0))
                            : j.number("spec", "parallelism").orElse(1) > 1 ? "1 of " + j.number("spec", "parallelism").orElse(1) : "1"))
            .with("Duration", 0, r -> duration(r.object(), r.now())).age().template("spec", "selector");

    private static Object status(Obj job) {
        for (String type : List.of("Complete", "Failed", "Suspended", "FailureTarget")) {
            for (Obj c : job.objects("status", "conditions")) {
                if (c.text("type").equals(type) && c.text("status").equals("True")) {
                    return type;
                }
            }
        }
        return job.deleting() ? "Terminating" : "Running";
    }

    private static Object duration(Obj job, Instant now) {
        String start = job.text("status", "startTime");
        if (start.isEmpty()) {
            return "";
        }
        String end = job.text("status", "completionTime");
        return Age.of(Duration.between(Instant.parse(start), end.isEmpty() ? now : Instant.parse(end)));
    }

    @Override
    public void defaults(Obj job) {
        TemplateRules.defaults(job);
        spec(job.make("spec"));
    }

    /** Defaults of a JobSpec; also those of a CronJob's template. */
    public static void spec(Obj spec) {
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec.put("completions", 1).put("parallelism", 1);
        }
        Defaults.fill(spec, "parallelism", 1, "backoffLimit", 6, "completionMode", "NonIndexed", "suspend", false,
                "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        if (spec.has("backoffLimitPerIndex")) {
            Defaults.fill(spec, "backoffLimit", Integer.MAX_VALUE);
        }
    }

    @Override
    public void prepareCreate(Obj job, Write write) {
        job.put("status", Obj.of());
        if (!job.flag("spec", "manualSelector")) {
            Obj labels = job.make("spec", "template", "metadata", "labels");
            for (String prefix : List.of("", "batch.kubernetes.io/")) {
                labels.put(prefix + "job-name", job.name());
                labels.put(prefix + "controller-uid", job.uid());
            }
            job.set(Obj.of("matchLabels", Obj.of("batch.kubernetes.io/controller-uid", job.uid())), "spec", "selector");
        }
    }

    @Override
    public void validate(Obj job, FieldErrors e) {
        Obj spec = job.at("spec");
        for (String n : List.of("completions", "parallelism", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished")) {
            spec.number(n).ifPresent(v -> Texts.notNegative(v, "spec." + n, e));
        }
        Texts.oneOf(spec.text("completionMode"), "spec.completionMode", Set.of("Indexed", "NonIndexed"), e);
        if (spec.text("completionMode").equals("Indexed") && !spec.has("completions")) {
            e.required("spec.completions", "when completion mode is Indexed");
        }
        PodSpecRules.check(spec.at("template", "spec"), "spec.template.spec", e);
        String restart = spec.text("template", "spec", "restartPolicy");
        if (restart.equals("Always")) {
            e.required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        }
    }

    @Override
    public void validateUpdate(Obj job, Obj old, FieldErrors e) {
        for (String field : List.of("selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy")) {
            if (!java.util.Objects.equals(job.get("spec", field), old.get("spec", field))) {
                e.invalid("spec." + field, job.get("spec", field), "field is immutable");
            }
        }
        if (!job.at("spec", "template").equals(old.at("spec", "template")) && !old.flag("spec", "suspend")) {
            e.invalid("spec.template", job.at("spec", "template").map(), "field is immutable");
        }
    }

    @Override
    public Map<String, String> selectable(Obj job) {
        return Map.of("status.successful", Long.toString(job.number("status", "succeeded").orElse(0)));
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj job, Instant now) {
        return CELLS.of(job, now);
    }
}
