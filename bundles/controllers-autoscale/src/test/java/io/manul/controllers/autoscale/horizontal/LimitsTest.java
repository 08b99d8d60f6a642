package io.manul.controllers.autoscale.horizontal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private final History.One history = new History().of("u");

    private static Obj autoscaler(Obj behavior) {
        return Obj.of("spec", Obj.of("minReplicas", 2, "maxReplicas", 20, "behavior", behavior));
    }

    private static String said(Obj autoscaler, String type) {
        return autoscaler.objects("status", "conditions").stream().filter(c -> c.text("type").equals(type))
                .map(c -> c.text("status") + " " + c.text("reason")).findFirst().orElse("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "5 | 7  | 7  | False DesiredWithinRange", "5 | 30 | 10 | True ScaleUpLimit", "1 | 9 | 4 | True ScaleUpLimit",
        "15 | 25 | 20 | True TooManyReplicas", "5 | 1 | 2 | True TooFewReplicas"})
    void withoutABehaviorAtMostTheDouble(int current, int proposed, int wanted, String limited) {
        Obj a = autoscaler(null);
        assertEquals(wanted, new Limits(a, history, current, NOW).of(proposed));
        assertEquals(limited, said(a, "ScalingLimited"));
    }

    @Test
    void goingDownWaitsForFiveMinutes() {
        Obj a = autoscaler(null);
        assertEquals(8, new Limits(a, history, 8, NOW).of(8));
        assertEquals(8, new Limits(a, history, 8, NOW.plusSeconds(60)).of(4));
        assertEquals("True ScaleDownStabilized", said(a, "AbleToScale"));
        assertEquals(4, new Limits(a, history, 8, NOW.plusSeconds(301)).of(4));
        assertEquals("True ReadyForNewScale", said(a, "AbleToScale"));
    }

    private static Obj rules(int window, String select, Object... policies) {
        return Obj.of("stabilizationWindowSeconds", window, "selectPolicy", select, "policies", List.of(policies));
    }

    private static Obj policy(String type, int value, int period) {
        return Obj.of("type", type, "value", value, "periodSeconds", period);
    }

    @Test
    void policiesLimitWhatIsAddedInTheirPeriod() {
        Obj a = autoscaler(Obj.of("scaleUp", rules(0, "Max", policy("Pods", 3, 60), policy("Percent", 10, 60)), "scaleDown",
                rules(0, "Min", policy("Pods", 1, 60), policy("Percent", 50, 60))));
        assertEquals(8, new Limits(a, history, 5, NOW).of(20));
        assertEquals("True ScaleUpLimit", said(a, "ScalingLimited"));
        history.resized(5, 8, NOW);
        assertEquals(8, new Limits(a, history, 8, NOW.plusSeconds(30)).of(20));
        assertEquals(11, new Limits(a, history, 8, NOW.plusSeconds(61)).of(20));
        assertEquals(10, new Limits(a, history, 11, NOW.plusSeconds(200)).of(2));
        assertEquals("True ScaleDownLimit", said(a, "ScalingLimited"));
    }

    @Test
    void disabledMeansNotInThatDirection() {
        Obj a = autoscaler(Obj.of("scaleUp", rules(0, "Max", policy("Percent", 900, 15)), "scaleDown", rules(0, "Disabled",
                policy("Pods", 1, 60))));
        assertEquals(10, new Limits(a, history, 10, NOW).of(3));
        assertEquals(20, new Limits(a, history, 10, NOW).of(40));
        assertEquals("True TooManyReplicas", said(a, "ScalingLimited"));
    }

    @Test
    void aWindowUpwardsTakesTheLowest() {
        Obj a = autoscaler(Obj.of("scaleUp", rules(60, "Max", policy("Percent", 900, 15)), "scaleDown", rules(0, "Max",
                policy("Percent", 100, 15))));
        assertEquals(4, new Limits(a, history, 4, NOW).of(4));
        assertEquals(4, new Limits(a, history, 4, NOW.plusSeconds(30)).of(9));
        assertEquals("True ScaleUpStabilized", said(a, "AbleToScale"));
        assertEquals(9, new Limits(a, history, 4, NOW.plusSeconds(61)).of(9));
    }
}
