package io.manul.controllers.batch.cron;

import io.manul.client.Cluster;
import io.manul.client.Controller;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.controllers.batch.Owners;
import io.manul.json.Obj;
import io.manul.model.CronSchedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The CronJob controller, wired to its informers. */
public final class CronJobs {

    private CronJobs() {
    }

    /** Not started. @param jobs with the index {@link Owners#INDEX} */
    public static Controller controller(Cluster cluster, Informer crons, Informer jobs, Events events, InstantSource clock) {
        Controller controller = new Controller("cronjob", new CronJobReconciler(cluster, crons, jobs, events, clock), List.of(crons, jobs));
        crons.listen(c -> {
            Optional<Duration> next = c.kind() == Informer.Kind.MODIFIED && moved(c) ? next(c.object(), clock) : Optional.empty();
            next.ifPresentOrElse(d -> controller.queue().addAfter(Key.of(c.object()), d), () -> controller.queue().add(Key.of(c.object())));
        });
        jobs.listen(c -> Owners.controllerKey(c.object(), "CronJob").ifPresent(controller.queue()::add));
        return controller;
    }

    private static boolean moved(Informer.Change change) {
        return !Objects.equals(change.object().get("spec", "schedule"), change.previous().get("spec", "schedule"))
                || !Objects.equals(change.object().get("spec", "timeZone"), change.previous().get("spec", "timeZone"));
    }

    /** With a new schedule the next time counts, not one that it would have had before. */
    private static Optional<Duration> next(Obj cron, InstantSource clock) {
        try {
            ZoneId zone = cron.has("spec", "timeZone") ? CronSchedule.zone(cron.text("spec", "timeZone")) : ZoneId.systemDefault();
            return Missed.untilNext(cron, clock.instant(), CronSchedule.parse(cron.text("spec", "schedule"), zone));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty(); // the reconciler tells it
        }
    }
}
