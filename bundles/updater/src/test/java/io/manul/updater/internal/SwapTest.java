package io.manul.updater.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.component.Component.Health;
import io.manul.api.gate.Gate;
import io.manul.api.http.Handler;
import io.manul.api.http.Streams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who acts and who serves, step by step, in good swaps and in each bad one. */
@Timeout(30)
class SwapTest {

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final GateTable gates = new GateTable();
    private final Gate<Handler> gate = gates.gate(Handler.class, "room");
    private final Places places = new Places(gates);
    private final Swap swap = new Swap(places, () -> Optional.of(new Listener()));
    /** More than 0: a call enters the new version's slot and hangs there so long. */
    private long hangsMillis;

    /** The listener's side: says what is asked of it. */
    private final class Listener implements Streams {
        @Override
        public void fallback(String room, Gate.Slot<Handler> previous) {
            done.add(previous == null ? "no fallback" : "fallback " + previous.label());
        }

        @Override
        public int move(Gate.Slot<Handler> old) {
            done.add("move streams of " + old.label());
            return 3;
        }

        @Override
        public int rescue(Gate.Slot<Handler> broken) {
            done.add("rescue calls of " + broken.label());
            broken.close();
            return 1;
        }

        @Override
        public long oldestMillis(Gate.Slot<Handler> slot) {
            if (hangsMillis == 0 || !slot.label().equals("2.0.0")) {
                return 0;
            }
            gate.enter(slot);
            return hangsMillis;
        }
    }

    private FakeRoom first(boolean exclusive) {
        FakeRoom room = new FakeRoom("1.0.0", exclusive, done);
        places.flip(room.room());
        return room;
    }

    private FakeRoom second(boolean exclusive) {
        return new FakeRoom("2.0.0", exclusive, done);
    }

    private Swap.Took replace(FakeRoom old, FakeRoom next) throws Refused, InterruptedException {
        return swap.replace(old.room(), next.room(), Duration.ZERO);
    }

    private String refused(FakeRoom old, FakeRoom next) {
        return assertThrows(Refused.class, () -> replace(old, next)).getMessage();
    }

    private String serves() {
        return gate.current().map(Gate.Slot::label).orElse("nobody");
    }

    @Test
    void theNewOneServesBeforeTheOldOneEndsAndStreamsMoveLast() throws Exception {
        FakeRoom next = second(false);
        Swap.Took took = replace(first(false), next);
        assertEquals(List.of("fallback 1.0.0", "end 1.0.0", "begin 2.0.0 with what 1.0.0 knew", "move streams of 1.0.0", "no fallback"), done);
        assertEquals("2.0.0", serves());
        assertSame(next.handler, gate.current().orElseThrow().service());
        assertEquals(3, took.moved());
        assertTrue(took.drained());
    }

    @Test
    void aRoomThatServesNobodyOnlyHandsOver() throws Exception {
        FakeRoom old = first(false);
        FakeRoom next = second(false);
        old.offers = Map.of();
        next.offers = Map.of();
        gate.close();
        Swap.Took took = replace(old, next);
        assertEquals(List.of("end 1.0.0", "begin 2.0.0 with what 1.0.0 knew", "no fallback"), done);
        assertEquals(0, took.moved());
    }

    @Test
    void whatDoesNotBeginGivesBack() throws Exception {
        FakeRoom next = second(false);
        next.beginFails = new IllegalStateException("no disk");
        assertTrue(refused(first(false), next).startsWith("begin of room 2.0.0 failed: IllegalStateException: no disk (at "));
        assertEquals(List.of("fallback 1.0.0", "end 1.0.0", "begin 2.0.0 with what 1.0.0 knew", "end 2.0.0", "begin 1.0.0",
                "no fallback", "move streams of 2.0.0"), done);
        assertEquals("1.0.0", serves());
    }

    @Test
    void anOldOneThatDoesNotEndStays() throws Exception {
        FakeRoom old = first(false);
        old.endFails = new IllegalStateException("stuck");
        assertTrue(refused(old, second(false)).startsWith("end of room 1.0.0 failed: IllegalStateException: stuck"));
        assertEquals("1.0.0", serves());
        assertTrue(done.stream().noneMatch(d -> d.startsWith("begin 2.0.0")), done.toString());
    }

    /** On probation, before anything is handed over: the old one never stopped acting. */
    @Test
    void callsThatHangAreRescuedAndTheOldOneServes() {
        hangsMillis = 1001;
        assertEquals("a call hangs in room 2.0.0 for 1001 ms; flipped back to the version before", refused(first(false), second(false)));
        assertEquals(List.of("fallback 1.0.0", "no fallback", "move streams of 2.0.0", "rescue calls of 2.0.0"), done);
        assertEquals("1.0.0", serves());
    }

    /** Five that failed, and more than a tenth of those that went well. */
    @Test
    void aFewFailuresAmongManyCallsAreNoReason() throws Exception {
        for (int[] c : new int[][] {{4, 0, 1}, {5, 50, 1}, {5, 49, 0}, {6, 60, 1}, {6, 59, 0}}) {
            FakeRoom old = first(false);
            FakeRoom next = second(false);
            GateCounts counts = new GateCounts(c[0], c[1]);
            boolean taken = counts.swap(old, next);
            assertEquals(c[2] == 1, taken, c[0] + " failed, " + c[1] + " succeeded");
            assertEquals(taken ? "2.0.0" : "1.0.0", serves());
        }
    }

    /** Counts calls in the new version's slot as soon as it serves. */
    private final class GateCounts {
        private final int failed;
        private final int succeeded;

        GateCounts(int failed, int succeeded) {
            this.failed = failed;
            this.succeeded = succeeded;
        }

        boolean swap(FakeRoom old, FakeRoom next) throws InterruptedException {
            Swap counting = new Swap(places, () -> {
                gate.current().filter(s -> s.label().equals("2.0.0") && s.failed() + s.succeeded() == 0).ifPresent(s -> {
                    for (int i = 0; i < failed + succeeded; i++) {
                        s.count(i >= failed);
                    }
                });
                return Optional.of(new Listener());
            });
            try {
                counting.replace(old.room(), next.room(), Duration.ZERO);
                return true;
            } catch (Refused e) {
                assertEquals(failed + " calls failed on room 2.0.0, " + succeeded + " succeeded; flipped back to the version before", e.getMessage());
                return false;
            }
        }
    }

    @Test
    void loopsThatFailOrHangFlipBackAfterTheHandOver() throws Exception {
        Map<Health, String> table = Map.of(
                new Health(0, 5, 0, "cannot count"), "5 steps of room 2.0.0 failed: cannot count; flipped back to the version before",
                new Health(9, 0, 1500, ""), "a call hangs in room 2.0.0 for 1500 ms; flipped back to the version before");
        for (Map.Entry<Health, String> row : table.entrySet()) {
            done.clear();
            FakeRoom old = first(false);
            FakeRoom next = second(false);
            old.offers = Map.of();
            next.offers = Map.of();
            gate.close();
            next.health = row.getKey();
            assertEquals(row.getValue(), refused(old, next));
            assertEquals(List.of("end 1.0.0", "begin 2.0.0 with what 1.0.0 knew", "no fallback", "end 2.0.0", "begin 1.0.0"), done);
        }
    }

    @Test
    void ofAnExclusiveRoomOnlyOneIsOpen() throws Exception {
        FakeRoom next = second(true);
        next.atBegin = () -> done.add("meanwhile " + serves() + " serves");
        replace(first(true), next);
        assertEquals(List.of("end 1.0.0", "begin 2.0.0 with what 1.0.0 knew", "meanwhile nobody serves"), done);
        assertEquals("2.0.0", serves());
    }

    @Test
    void anExclusiveRoomThatDoesNotBeginIsOpenAgainOnTheOldOne() throws Exception {
        FakeRoom next = second(true);
        next.beginFails = new IllegalStateException("damaged");
        refused(first(true), next);
        assertEquals(List.of("end 1.0.0", "begin 2.0.0 with what 1.0.0 knew", "end 2.0.0", "begin 1.0.0"), done);
        assertEquals("1.0.0", serves());
    }

    @Test
    void anExclusiveRoomThatIsBadOnProbationGivesBack() throws Exception {
        FakeRoom next = second(true);
        next.health = new Health(0, 9, 0, "cannot write");
        assertEquals("9 steps of room 2.0.0 failed: cannot write; flipped back to the version before", refused(first(true), next));
        assertEquals(List.of("end 1.0.0", "begin 2.0.0 with what 1.0.0 knew", "end 2.0.0", "begin 1.0.0"), done);
        assertEquals("1.0.0", serves());
    }

    @Test
    void aRefusedOneThatDoesNotEndEitherIsLeft() throws Exception {
        FakeRoom next = second(true);
        next.beginFails = new IllegalStateException("damaged");
        next.endFails = new IllegalStateException("not even that");
        assertTrue(refused(first(true), next).contains("damaged"));
        assertEquals("begin 1.0.0", done.getLast());
        assertEquals("1.0.0", serves());
    }
}
