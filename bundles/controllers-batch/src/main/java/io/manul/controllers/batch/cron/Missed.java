package io.manul.controllers.batch.cron;

import io.manul.json.Obj;
import io.manul.model.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The times of a CronJob's schedule between the last one served and now (Kubernetes, "CronJob", Schedule delay and missed
 * schedules). Pure.
 *
 * @param earliest where the search began
 * @param last     the most recent time that was not served
 * @param many     over 100 were missed
 * @param none     not one time has passed
 */
record Missed(Instant earliest, Optional<Instant> last, boolean many, boolean none) {

    /** A little later than the time itself, so that the clock has surely reached it. */
    private static final Duration DELTA = Duration.ofMillis(100);
    private static final int MANY = 100;

    static Missed of(Obj cron, Instant now, CronSchedule schedule, boolean withDeadline) {
        Instant earliest = cron.string("status", "lastScheduleTime").or(() -> cron.string("metadata", "creationTimestamp"))
                .map(Instant::parse).orElse(now);
        if (withDeadline && cron.has("spec", "startingDeadlineSeconds")) {
            Instant deadline = now.minusSeconds(cron.number("spec", "startingDeadlineSeconds").orElse(0));
            earliest = deadline.isAfter(earliest) ? deadline : earliest;
        }
        Optional<Instant> first = schedule.next(earliest);
        if (first.isEmpty() || now.isBefore(first.get())) {
            return new Missed(earliest, Optional.empty(), false, true);
        }
        Optional<Instant> second = schedule.next(first.get());
        if (second.isEmpty() || now.isBefore(second.get())) {
            return new Missed(earliest, first, false, true);
        }
        return new Missed(earliest, Optional.of(recent(schedule, first.get(), second.get(), now)),
                count(first.get(), second.get(), now) > MANY, false);
    }

    /** How many would have been, at the distance of the first two. */
    private static long count(Instant first, Instant second, Instant now) {
        return Duration.between(first, now).toSeconds() / Math.max(1, Duration.between(first, second).toSeconds()) + 1;
    }

    /** Near the end first: a schedule of every minute that slept for years is not walked minute by minute. */
    private static Instant recent(CronSchedule schedule, Instant first, Instant second, Instant now) {
        long step = Math.max(1, Duration.between(first, second).toSeconds());
        Instant from = first.plusSeconds((count(first, second, now) - 2) * step);
        Instant last = second;
        for (Optional<Instant> t = schedule.next(from); t.isPresent() && !t.get().isAfter(now); t = schedule.next(t.get())) {
            last = t.get();
        }
        return last;
    }

    /** From now until the time after the one that was served last. */
    static Optional<Duration> untilNext(Obj cron, Instant now, CronSchedule schedule) {
        Missed m = of(cron, now, schedule, false);
        Instant from = m.last().orElse(m.none() ? m.earliest() : now);
        return schedule.next(from).map(t -> Duration.between(now, t.plus(DELTA)));
    }
}
