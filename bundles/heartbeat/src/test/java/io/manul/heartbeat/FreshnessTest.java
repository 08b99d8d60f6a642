package io.manul.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Times in ms; the node's monotonic clock stands 1,000,000 behind ours. */
class FreshnessTest {

    private static final long BEHIND = 1_000_000;
    private final Freshness freshness = new Freshness(Duration.ofSeconds(40));

    /** A heartbeat sent at, arriving at (our clock). */
    private String beat(long epoch, long sequence, long sent, long arrives) {
        return switch (freshness.beat("n", new Beat(0, epoch, sequence, sent - BEHIND, 0, Beat.READY), arrives)) {
            case Freshness.Verdict.Alive a -> "alive " + a.ageMillis() + (a.returned() ? " returned" : "");
            case Freshness.Verdict.Refused r -> "refused: " + r.why();
        };
    }

    @Test
    void ageIsTheDelayOverTheShortestOne() {
        assertEquals("alive 0 returned", beat(1, 1, 2_000_000, 2_000_500));
        assertEquals("alive 0", beat(1, 2, 2_010_000, 2_010_100));
        assertEquals("alive 900", beat(1, 3, 2_020_000, 2_021_000));
    }

    @Test
    void aBurstOfHeldUpMessagesIsAliveAtItsNewestSending() {
        beat(1, 1, 2_000_000, 2_000_100);
        assertEquals("refused: sent 50000 ms ago", beat(1, 2, 2_010_000, 2_060_100));
        assertEquals("refused: sent 40000 ms ago", beat(1, 3, 2_020_000, 2_060_100));
        assertEquals("alive 30000 returned", beat(1, 4, 2_030_000, 2_060_100));
        assertEquals("alive 10000", beat(1, 6, 2_050_000, 2_060_100));
        assertEquals("refused: sequence 5 after 6", beat(1, 5, 2_040_000, 2_060_100));
    }

    @Test
    void theShortestDelayIsForgottenAfterTenMinutes() {
        beat(1, 1, 2_000_000, 2_000_100);
        for (int i = 1; i <= 70; i++) {
            long sent = 2_000_000 + i * 10_000L;
            String verdict = beat(1, 1 + i, sent, sent + 2_100);
            if (i < 30) {
                assertEquals("alive 2000", verdict);
            } else if (i > 61) {
                assertEquals("alive 0", verdict, "the way is longer now, step " + i);
            }
        }
    }

    @Test
    void replaysAndEarlierLivesAreRefused() {
        beat(1, 5, 2_000_000, 2_000_000);
        assertEquals("refused: sequence 5 after 5", beat(1, 5, 2_000_000, 2_000_010));
        assertEquals("refused: sequence 4 after 5", beat(1, 4, 1_990_000, 2_000_010));
        assertEquals("alive 0 returned", beat(2, 1, 2_010_000, 2_010_000), "a new life begins anew");
        assertEquals("refused: of an earlier life of the node", beat(1, 6, 2_010_000, 2_010_000));
        assertEquals("alive 0", beat(2, 2, 2_020_000, 2_020_000));
    }

    @Test
    void whoSaidThatItStopsIsNotAlive() {
        beat(1, 1, 2_000_000, 2_000_000);
        assertTrue(freshness.stopped("n", 1, 3));
        assertEquals("refused: sent before the node said that it stops", beat(1, 2, 2_000_000, 2_000_100));
        assertEquals("refused: sent before the node said that it stops", beat(1, 3, 2_000_000, 2_000_100));
        assertEquals("alive 0 returned", beat(1, 4, 2_010_000, 2_010_000), "it went on after all");
        assertFalse(freshness.stopped("n", 1, 3), "old news");
        assertFalse(freshness.stopped("n", 9, 100), "another life's");
        assertFalse(freshness.stopped("other", 1, 100));
    }

    @Test
    void theFirstAfterSilenceIsToldApart() {
        beat(1, 1, 2_000_000, 2_000_000);
        assertEquals("alive 0", beat(1, 2, 2_040_000, 2_040_000));
        assertEquals("alive 0 returned", beat(1, 3, 2_080_001, 2_080_001));
    }
}
