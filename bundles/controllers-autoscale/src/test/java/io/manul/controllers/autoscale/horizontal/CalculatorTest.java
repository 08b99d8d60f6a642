package io.manul.controllers.autoscale.horizontal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases of upstream's replica calculator: what pods use, in thousandths, of a request of 1000 each, against a target. */
class CalculatorTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Calculator.Tolerance TOLERANCE = new Calculator.Tolerance(0.1, 0.1);

    /** r: runs and is ready, n: not ready since its start, y: young and ready, p: pending, f: failed, d: going. */
    private static Obj pod(int i, char state) {
        String phase = state == 'p' ? "Pending" : state == 'f' ? "Failed" : "Running";
        Instant start = state == 'y' ? NOW.minusSeconds(20) : NOW.minus(Duration.ofHours(1));
        Instant ready = start.plusSeconds(10);
        Obj pod = Obj.of("metadata", Obj.of("name", "p" + i), "spec", Obj.of("containers", List.of(Obj.of("name", "c", "resources",
                Obj.of("requests", Obj.of("cpu", "1", "memory", "1"))))), "status", Obj.of("phase", phase, "startTime", start.toString(),
                        "conditions", List.of(Obj.of("type", "Ready", "status", state == 'n' ? "False" : "True", "lastTransitionTime",
                                ready.toString()))));
        return state == 'd' ? pod.set("x", "metadata", "deletionTimestamp") : pod;
    }

    private static List<Obj> pods(String states) {
        List<Obj> pods = new ArrayList<>();
        for (int i = 0; i < states.length(); i++) {
            pods.add(pod(i, states.charAt(i)));
        }
        return pods;
    }

    private static Map<String, Metrics.Sample> samples(String uses) {
        Map<String, Metrics.Sample> out = new HashMap<>();
        String[] all = uses.split(" ");
        for (int i = 0; i < all.length; i++) {
            if (!all[i].equals("-")) {
                out.put("p" + i, new Metrics.Sample(NOW, Duration.ofMinutes(1), Long.parseLong(all[i])));
            }
        }
        return out;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rrr   | 300 500 700      | 30  | 3 | 5  | 50",
        "rrr   | 300 500 700      | 50  | 3 | 3  | 50",
        "rrr   | 1000 1000 1000   | 100 | 3 | 3  | 100",
        "rrr   | 1050 1050 1050   | 100 | 3 | 3  | 105",
        "rrrrr | 100 300 500 250 250 | 50 | 5 | 3 | 28",
        "rrn   | 300 500 700      | 30  | 3 | 3  | 40",
        "rrrp  | 400 500 700 -    | 30  | 4 | 6  | 53",
        "rrrf  | 500 500 700 900  | 50  | 3 | 4  | 56",
        "rrrd  | 500 500 700 900  | 50  | 3 | 4  | 56",
        "rrr   | 400 - 700        | 30  | 3 | 4  | 55",
        "rrrr  | 100 - 200 100    | 50  | 4 | 3  | 13",
        "rrrr  | 900 - - -        | 100 | 4 | 4  | 90",
        "rrry  | 100 300 500 900  | 50  | 4 | 2  | 30"})
    void cpuInPercentOfTheRequest(String states, String uses, int target, int current, int wanted, int percent) throws Exception {
        Calculator.Result r = Calculator.utilization(current, target, "cpu", "", TOLERANCE, pods(states), samples(uses), NOW);
        assertEquals(wanted, r.replicas());
        assertEquals(percent, r.utilization());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rrr | 20000 10000 30000 | 15000 | 3 | 4 | 20000",
        "rrn | 50000 10000 30000 | 15000 | 3 | 6 | 30000",
        "rrr | 20000 - 30000     | 15000 | 3 | 4 | 25000",
        "rrr | 10000 - 10000     | 15000 | 3 | 3 | 10000"})
    void aPlainAverage(String states, String uses, int target, int current, int wanted, int average) throws Exception {
        Calculator.Result r = Calculator.average(current, target, "", TOLERANCE, pods(states), samples(uses), NOW);
        assertEquals(wanted, r.replicas());
        assertEquals(average, r.average());
    }

    @Test
    void whatCannotBeComputedSaysWhy() {
        assertEquals("no pods returned by selector while calculating replica count", assertThrows(Unable.class,
                () -> Calculator.utilization(1, 50, "cpu", "", TOLERANCE, List.of(), samples("1"), NOW)).getMessage());
        assertEquals("did not receive metrics for targeted pods (pods might be unready)", assertThrows(Unable.class,
                () -> Calculator.utilization(1, 50, "cpu", "", TOLERANCE, pods("n"), samples("100"), NOW)).getMessage());
        assertEquals("missing request for nvidia.com/gpu in container c of Pod p0", assertThrows(Unable.class,
                () -> Calculator.utilization(1, 50, "nvidia.com/gpu", "", TOLERANCE, pods("r"), samples("100"), NOW)).getMessage());
        assertEquals("container x not found in Pod p0", assertThrows(Unable.class,
                () -> Calculator.utilization(1, 50, "cpu", "x", TOLERANCE, pods("r"), samples("100"), NOW)).getMessage());
    }
}
