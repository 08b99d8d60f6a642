package io.manul.controllers.batch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final Backoff backoff = new Backoff();

    private static Obj ended(int second) {
        return Obj.of("status", Obj.of("containerStatuses", List.of(Obj.of("state", Obj.of("terminated",
                Obj.of("finishedAt", START.plusSeconds(second).toString()))))));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,10", "2,20", "3,40", "6,320", "7,600", "8,600", "40,600", "2000,600"})
    void eachFailureDoublesTheWait(int failures, int seconds) {
        List<Obj> pods = new ArrayList<>();
        for (int i = 0; i < failures; i++) {
            pods.add(ended(0));
        }
        assertEquals(Duration.ofSeconds(seconds), backoff.with("j", List.of(), pods).left(START));
    }

    @Test
    void theWaitBeginsWithTheLastFailure() {
        Backoff.Failures f = backoff.with("j", List.of(), List.of(ended(30), ended(5)));
        assertEquals(Duration.ofSeconds(20), f.left(START.plusSeconds(30)));
        assertEquals(Duration.ofSeconds(1), f.left(START.plusSeconds(49)));
        assertEquals(Duration.ZERO, f.left(START.plusSeconds(51)));
    }

    @Test
    void whatIsKeptAddsUpAndASuccessBeginsAnew() {
        backoff.keep("j", backoff.with("j", List.of(), List.of(ended(0))));
        assertEquals(2, backoff.with("j", List.of(), List.of(ended(20))).sinceSuccess());
        assertEquals(0, backoff.with("j", List.of(ended(21)), List.of(ended(20))).sinceSuccess());
        assertEquals(1, backoff.with("j", List.of(ended(21)), List.of(ended(20), ended(22))).sinceSuccess());
        backoff.forget("j");
        assertEquals(1, backoff.with("j", List.of(), List.of(ended(20))).sinceSuccess());
    }

    @Test
    void anIndexWaitsByItsOwnFailures() {
        Obj pod = ended(0).put("metadata", Obj.of("annotations", Obj.of(JobPod.FAILURES, "1", JobPod.IGNORED, "1")));
        assertEquals(Duration.ofSeconds(40), Backoff.leftOfIndex(pod, START));
        assertEquals(Duration.ZERO, Backoff.leftOfIndex(null, START));
    }
}
