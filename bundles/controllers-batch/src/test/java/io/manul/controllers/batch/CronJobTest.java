package io.manul.controllers.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A CronJob through minutes that pass when the test says so; the Job controller beside it lives in the real time. */
@Timeout(60)
class CronJobTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.HOURS).plusSeconds(7200));
    private TestCluster api;
    private Cluster admin;
    private Kubelets kubelets;
    private BatchControllers room;

    @BeforeEach
    void open() throws Exception {
        api = new TestCluster().withServiceAccount();
        admin = api.admin();
        kubelets = new Kubelets(api);
    }

    @AfterEach
    void close() throws Exception {
        if (room != null) {
            room.end();
        }
        kubelets.close();
        api.close();
    }

    /** Lets time pass to so many minutes after the beginning; a new object of the room looks at everything at once. */
    private void at(int minutes) throws Exception {
        if (room != null) {
            room.end();
        }
        Instant time = now.get().plusSeconds(60L * minutes + 1);
        room = new BatchControllers(api.clusters(), (InstantSource) () -> time);
        room.begin(new byte[0]);
        api.await("nobody acts", () -> room.idle() && kubelets.idle());
    }

    private void cron(Obj more, String image) throws Exception {
        Obj spec = Obj.of("schedule", "* * * * *", "jobTemplate", Obj.of("metadata", Obj.of("labels", Obj.of("of", "cron")), "spec",
                Obj.of("template",
                Obj.of("spec", Obj.of("restartPolicy", "Never", "containers", List.of(Obj.of("name", "c", "image", image)))))));
        more.map().forEach(spec::put);
        Obj made = admin.create(Resources.CRON_JOBS, "default", Obj.of("metadata", Obj.of("name", "c", "namespace", "default"), "spec",
                spec));
        admin.patch(Resources.CRON_JOBS, "default", made.name(), "status", Patch.MERGE,
                Obj.of("status", Obj.of("lastScheduleTime", now.get().toString())));
    }

    private Obj read() throws Exception {
        return admin.get(Resources.CRON_JOBS, "default", "c").orElseThrow();
    }

    private String name(int minutes) {
        return "c-" + (now.get().getEpochSecond() / 60 + minutes);
    }

    private String jobs() throws Exception {
        return api.list(Resources.JOBS).stream().map(Obj::name).sorted().collect(Collectors.joining(" "));
    }

    private boolean told(String reason) throws Exception {
        return api.list(Resources.EVENTS).stream().anyMatch(e -> e.text("reason").equals(reason));
    }

    @Test
    void eachMinuteHasItsJob() throws Exception {
        cron(Obj.of("timeZone", "Europe/Berlin"), "web:1");
        at(0);
        assertEquals("", jobs());
        at(1);
        api.await("the first", () -> jobs().equals(name(1)));
        Obj job = admin.get(Resources.JOBS, "default", name(1)).orElseThrow();
        assertEquals("cron", job.labels().get("of"));
        assertTrue(job.annotations().get("batch.kubernetes.io/cronjob-scheduled-timestamp").matches(".*:01:00\\+0[12]:00"),
                job.annotations().toString());
        at(2);
        api.await("the second", () -> jobs().equals(name(1) + " " + name(2)));
        api.await("both are active", () -> read().objects("status", "active").size() == 2);
        assertEquals(now.get().plusSeconds(120).toString(), read().text("status", "lastScheduleTime"));
        assertTrue(told("SuccessfulCreate"));
    }

    @Test
    void ofManyMissedTimesOnlyTheLastIsServed() throws Exception {
        cron(Obj.of(), "web:1");
        at(200);
        api.await("one", () -> jobs().equals(name(200)));
        api.await("told", () -> told("TooManyMissedTimes"));
    }

    @Test
    void whatIsTooLateIsNotServed() throws Exception {
        cron(Obj.of("startingDeadlineSeconds", 20, "schedule", "*/10 * * * *"), "web:1");
        at(15);
        assertEquals("", jobs());
        at(20);
        api.await("in time", () -> jobs().equals(name(20)));
    }

    @Test
    void forbidWaitsForTheOneThatRuns() throws Exception {
        cron(Obj.of("concurrencyPolicy", "Forbid"), "web:1");
        at(1);
        api.await("the first", () -> jobs().equals(name(1)));
        at(2);
        api.await("told", () -> told("JobAlreadyActive"));
        assertEquals(name(1), jobs());
    }

    @Test
    void replaceEndsTheOneThatRuns() throws Exception {
        cron(Obj.of("concurrencyPolicy", "Replace"), "web:1");
        at(1);
        api.await("the first", () -> jobs().equals(name(1)));
        at(2);
        api.await("only the second", () -> jobs().equals(name(2)));
        api.await("told", () -> told("SuccessfulDelete") && read().objects("status", "active").size() == 1);
    }

    @Test
    void suspendedMeansNoJob() throws Exception {
        cron(Obj.of("suspend", true), "web:1");
        at(3);
        assertEquals("", jobs());
    }

    @Test
    void historyIsKeptWithinItsLimit() throws Exception {
        cron(Obj.of("successfulJobsHistoryLimit", 2), "web:ends");
        for (int minute = 1; minute <= 4; minute++) {
            at(minute);
            String name = name(minute);
            api.await(name + " is complete", () -> admin.get(Resources.JOBS, "default", name).filter(j ->
                    j.has("status", "completionTime")).isPresent());
        }
        at(4);
        api.await("the last two", () -> jobs().equals(name(3) + " " + name(4)));
        api.await("told", () -> told("SawCompletedJob") && read().has("status", "lastSuccessfulTime") && !read().has("status", "active"));
    }
}
