package io.manul.controllers.batch.cron;

import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the oldest ended Jobs beyond the history limits (Kubernetes, "CronJob", Jobs history limits). */
final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final Comparator<Obj> OLDEST = Comparator.<Obj, Integer>comparing(j -> j.has("status", "startTime") ? 0 : 1)
            .thenComparing(j -> j.text("status", "startTime")).thenComparing(Obj::name);

    private final Active active;

    History(Active active) {
        this.active = active;
    }

    void clean(Obj cron, List<Obj> jobs) throws InterruptedException {
        clean(cron, jobs, "Complete", "successfulJobsHistoryLimit");
        clean(cron, jobs, "Failed", "failedJobsHistoryLimit");
    }

    private void clean(Obj cron, List<Obj> jobs, String ended, String limit) throws InterruptedException {
        if (!cron.has("spec", limit)) {
            return;
        }
        List<Obj> all = jobs.stream().filter(j -> !j.deleting() && Active.ended(j).orElse("").equals(ended)).sorted(OLDEST).toList();
        for (Obj job : all.subList(0, (int) Math.max(0, all.size() - cron.number("spec", limit).orElse(0)))) {
            try {
                active.delete(job.name(), job.uid());
            } catch (ClusterException e) {
                LOG.debug("History not cleaned; tried again with the next change cronjob={} job={} why={}", cron.name(), job.name(),
                        e.getMessage());
            }
        }
    }
}
