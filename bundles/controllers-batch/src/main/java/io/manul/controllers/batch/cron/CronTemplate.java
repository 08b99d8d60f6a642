package io.manul.controllers.batch.cron;

import io.manul.client.Resources;
import io.manul.controllers.batch.Owners;
import io.manul.json.Obj;
import io.manul.model.CronSchedule;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The Job of one time of the schedule: its name says which, so that it is made only once. Pure. */
final class CronTemplate {

    private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    private CronTemplate() {
    }

    static String name(Obj cron, Instant time) {
        return cron.name() + "-" + time.getEpochSecond() / 60;
    }

    static Obj job(Obj cron, Instant time) {
        Obj template = cron.at("spec", "jobTemplate").copy();
        ZoneId zone = CronSchedule.zone(cron.text("spec", "timeZone"));
        Obj metadata = Obj.of("name", name(cron, time), "namespace", cron.namespace(), "labels", template.get("metadata", "labels"),
                "annotations", template.at("metadata", "annotations"), "ownerReferences",
                        List.of(Owners.reference(cron, Resources.CRON_JOBS)));
        metadata.make("annotations").put(SCHEDULED, DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX").format(time.atZone(zone)));
        return Obj.of("apiVersion", "batch/v1", "kind", "Job", "metadata", metadata, "spec", template.at("spec"));
    }
}
