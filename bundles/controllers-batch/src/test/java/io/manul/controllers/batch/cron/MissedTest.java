package io.manul.controllers.batch.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import io.manul.model.CronSchedule;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissedTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        // schedule    | created             | last served          | deadline | now                  | to serve             | many  |
        // next look in s
        "0 * * * *     | 2026-01-01T10:20:00Z | -                    | -   | 2026-01-01T10:40:00Z | -                    | false | 1200",
        "0 * * * *     | 2026-01-01T10:20:00Z | -                    | -   | 2026-01-01T11:00:00Z | 2026-01-01T11:00:00Z | false | 3600",
        "0 * * * *     | 2026-01-01T10:20:00Z | 2026-01-01T11:00:00Z | -   | 2026-01-01T11:30:00Z | -                    | false | 1800",
        "0 * * * *     | 2026-01-01T10:20:00Z | 2026-01-01T11:00:00Z | -   | 2026-01-01T14:30:00Z | 2026-01-01T14:00:00Z | false | 1800",
        "0 * * * *     | 2026-01-01T10:20:00Z | 2026-01-01T11:00:00Z | 60  | 2026-01-01T14:30:00Z | -                    | false | 1800",
        "0 * * * *     | 2026-01-01T10:20:00Z | 2026-01-01T11:00:00Z | 1900| 2026-01-01T14:30:00Z | 2026-01-01T14:00:00Z | false | 1800",
        "* * * * *     | 2026-01-01T00:00:00Z | -                    | -   | 2026-01-01T02:00:30Z | 2026-01-01T02:00:00Z | true  | 30",
        "* * * * *     | 2006-01-01T00:00:00Z | -                    | -   | 2026-01-01T02:00:30Z | 2026-01-01T02:00:00Z | true  | 30",
        "@every 1h     | 2026-01-01T10:20:00Z | -                    | -   | 2026-01-01T11:30:00Z | 2026-01-01T11:20:00Z | false | 3000",
        "30 6-16/4 * * 1-5 | 2026-01-02T16:30:00Z | 2026-01-02T14:30:00Z | - | 2026-01-05T09:00:00Z | 2026-01-05T06:30:00Z | false | 5400"})
    void theMostRecentTimeIsServed(String schedule, String created, String last, Long deadline, String now, String serve, boolean many,
            long next) {
        Obj cron = Obj.of("metadata", Obj.of("creationTimestamp", created), "spec", Obj.of("startingDeadlineSeconds", deadline), "status",
                Obj.of("lastScheduleTime", last));
        CronSchedule s = CronSchedule.parse(schedule, ZoneOffset.UTC);
        Missed m = Missed.of(cron, Instant.parse(now), s, true);
        assertEquals(Optional.ofNullable(serve), m.last().map(Instant::toString));
        assertEquals(many, m.many());
        assertEquals(next, Missed.untilNext(cron, Instant.parse(now), s).orElseThrow().toSeconds());
    }
}
