package io.manul.apiserver.kinds.batch;

import io.manul.apiserver.kinds.Age;
import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.pod.PodDefaults;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import io.manul.model.CronSchedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** CronJob (batch/v1). */
public final class CronJobStrategy implements Strategy {

    /** The names of its Jobs have 11 characters more, those of pods even more. */
    private static final int MOST_NAME = 52;
    private static final Cells CELLS = new Cells().text("Schedule", c -> c.text("spec", "schedule"))
            .text("Timezone", c -> c.string("spec", "timeZone").orElse("<none>"))
            .flag("Suspend", c -> !c.has("spec", "suspend") ? "<unset>" : c.flag("spec", "suspend") ? "True" : "False")
            .number("Active", c -> (long) c.objects("status", "active").size())
            .with("Last Schedule", 0, r -> r.object().has("status", "lastScheduleTime") ? Age.of(r.object()
                    .text("status", "lastScheduleTime"), r.now()) : "<none>")
            .age().containers("spec", "jobTemplate", "spec", "template", "spec", "containers")
            .wide("Selector", c -> Cells.selector(c.at("spec", "jobTemplate", "spec", "selector")));

    @Override
    public void defaults(Obj cron) {
        Defaults.fill(cron.make("spec"), "concurrencyPolicy", "Allow", "suspend", false, "successfulJobsHistoryLimit", 3,
                "failedJobsHistoryLimit", 1);
        Obj job = cron.make("spec", "jobTemplate", "spec");
        PodDefaults.of(job.make("template", "spec"));
        JobStrategy.policy(job);
    }

    @Override
    public void prepareCreate(Obj cron, Write write) {
        JobStrategy.warn(cron.name(), write);
    }

    @Override
    public void validate(Obj cron, FieldErrors e) {
        Obj spec = cron.at("spec");
        if (spec.text("schedule").isEmpty()) {
            e.required("spec.schedule", "");
        }
        for (String n : List.of("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")) {
            spec.number(n).ifPresent(v -> Texts.notNegative(v, "spec." + n, e));
        }
        Texts.oneOf(spec.text("concurrencyPolicy"), "spec.concurrencyPolicy", Set.of("Allow", "Forbid", "Replace"), e);
        Obj job = spec.at("jobTemplate", "spec");
        JobRules.check(job, "spec.jobTemplate.spec", e);
        if (job.has("selector")) {
            e.invalid("spec.jobTemplate.spec.selector", job.at("selector").map(), "`selector` will be auto-generated");
        }
        if (job.flag("manualSelector")) {
            e.notSupported("spec.jobTemplate.spec.manualSelector", true, List.of("nil", "false"));
        }
    }

    @Override
    public void validateCreate(Obj cron, FieldErrors e) {
        schedule(cron.at("spec"), false, e);
        zone(cron.at("spec"), e);
        if (cron.name().length() > MOST_NAME) {
            e.invalid("metadata.name", cron.name(), "must be no more than 52 characters");
        }
    }

    @Override
    public void validateUpdate(Obj cron, Obj old, FieldErrors e) {
        schedule(cron.at("spec"), old.text("spec", "schedule").contains("TZ"), e);
        if (!Objects.equals(cron.get("spec", "timeZone"), old.get("spec", "timeZone"))) {
            zone(cron.at("spec"), e);
        }
    }

    /** @param zoned it names a time zone already, from a time when that was taken */
    private static void schedule(Obj spec, boolean zoned, FieldErrors e) {
        String text = spec.text("schedule");
        if (text.isEmpty()) {
            return;
        }
        try {
            CronSchedule.parse(text, ZoneOffset.UTC);
        } catch (IllegalArgumentException x) {
            e.invalid("spec.schedule", text, x.getMessage());
        }
        if (text.contains("TZ") && !zoned) {
            e.invalid("spec.schedule", text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        } else if (text.contains("TZ") && spec.has("timeZone")) {
            e.invalid("spec.schedule", text, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
        }
    }

    private static void zone(Obj spec, FieldErrors e) {
        if (!spec.has("timeZone")) {
            return;
        }
        String zone = spec.text("timeZone");
        if (zone.isEmpty()) {
            e.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string");
        } else if (zone.equalsIgnoreCase("Local")) {
            e.invalid("spec.timeZone", zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        } else {
            try {
                CronSchedule.zone(zone);
            } catch (DateTimeException x) {
                e.invalid("spec.timeZone", zone, "unknown time zone " + zone);
            }
        }
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj cron, Instant now) {
        return CELLS.of(cron, now);
    }
}
