package io.manul.apiserver.kinds.batch;

import io.manul.apiserver.kinds.Age;
import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.apps.TemplateRules;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Job (batch/v1): its selector is generated from its uid unless the user manages it. */
public final class JobStrategy implements Strategy {

    private static final List<String> PREFIXES = List.of("", "batch.kubernetes.io/");
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
        Obj spec = job.make("spec");
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec.put("completions", 1).put("parallelism", 1);
        }
        Defaults.fill(spec, "parallelism", 1, "backoffLimit", spec.has("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6,
                "completionMode", "NonIndexed", "suspend", false, "manualSelector", false,
                "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        policy(spec);
        Obj labels = spec.at("template", "metadata", "labels");
        if (!labels.isEmpty() && job.labels().isEmpty()) {
            job.make("metadata").put("labels", labels.copy());
        }
    }

    /** Defaults of a failure policy's rules; those of a CronJob's template too, which has no others of a Job. */
    static void policy(Obj spec) {
        spec.objects("podFailurePolicy", "rules").forEach(r -> r.objects("onPodConditions").forEach(c ->
                Defaults.fill(c, "status", "True")));
    }

    @Override
    public void prepareCreate(Obj job, Write write) {
        job.put("status", Obj.of());
        warn(job.name(), write);
        if (job.flag("spec", "manualSelector")) {
            return;
        }
        Obj labels = job.make("spec", "template", "metadata", "labels");
        for (String prefix : PREFIXES) {
            Defaults.fill(labels, prefix + "job-name", job.name(), prefix + "controller-uid", job.uid()); // another value is refused later
        }
        Defaults.fill(job.make("spec", "selector", "matchLabels"), "batch.kubernetes.io/controller-uid", job.uid());
    }

    static void warn(String name, Write write) {
        if (!Texts.isLabel(name)) {
            FieldErrors why = new FieldErrors();
            Texts.label(name, "", why);
            write.warnings().add("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; "
                    + "a DNS label is recommended: ["
                    + why.causes().getFirst().text("message").replaceFirst("^Invalid value: \"[^\"]*\": ", "") + "]");
        }
    }

    @Override
    public void validate(Obj job, FieldErrors e) {
        if (!job.flag("spec", "manualSelector") && job.has("spec", "selector")) {
            generated(job, e);
        }
        Obj spec = job.at("spec");
        JobRules.check(spec, "spec", e);
        if (!spec.has("selector")) {
            e.required("spec.selector", "");
        } else if (!Selector.of(spec.at("selector")).matches(spec.stringMap("template", "metadata", "labels"))) {
            e.invalid("spec.template.metadata.labels", spec.at("template", "metadata", "labels").map(),
                    "`selector` does not match template `labels`");
        }
        long completions = spec.number("completions").orElse(0);
        String last = job.name() + "-" + (completions - 1);
        if (spec.text("completionMode").equals("Indexed") && completions > 0 && !Texts.isLabel(last)) {
            e.invalid("metadata.name", job.name(), "will not able to create pod with invalid DNS label: " + last);
        }
    }

    private static void generated(Obj job, FieldErrors e) {
        Map<String, String> labels = job.stringMap("spec", "template", "metadata", "labels");
        Map<String, String> expected = new java.util.LinkedHashMap<>();
        boolean prefixed = labels.containsKey("batch.kubernetes.io/job-name") || !labels.containsKey("job-name");
        for (String prefix : prefixed ? PREFIXES : List.of("")) {
            expected.put(prefix + "controller-uid", job.uid());
            expected.put(prefix + "job-name", job.name());
        }
        expected.forEach((key, value) -> {
            if (!labels.containsKey(key)) {
                e.required("spec.template.metadata.labels[" + key + "]", "must be '" + value + "'");
            } else if (!labels.get(key).equals(value)) {
                e.invalid("spec.template.metadata.labels[" + key + "]", labels.get(key), "must be '" + value + "'");
            }
        });
        if (!Selector.of(job.at("spec", "selector")).matches(expected)) {
            e.invalid("spec.selector", job.at("spec", "selector").map(), "`selector` not auto-generated");
        }
    }

    @Override
    public void validateUpdate(Obj job, Obj old, FieldErrors e) {
        JobUpdates.check(job, old, e);
    }

    @Override
    public void validateStatus(Obj job, Obj old, FieldErrors e) {
        new JobStatusRules(job, old, e).check();
    }

    /** As upstream for batch/v1: a delete that says nothing leaves the pods alone. */
    @Override
    public boolean orphansDependents() {
        return true;
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
