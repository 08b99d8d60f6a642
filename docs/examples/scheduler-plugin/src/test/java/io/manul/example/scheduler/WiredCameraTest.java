package io.manul.example.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import io.manul.scheduler.api.NodeState;
import io.manul.scheduler.api.PodWish;
import io.manul.scheduler.api.Resources;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WiredCameraTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''     | ''           | ''                                   | 100",
        "''     | cam-1, cam-2 | ''                                   | 33",
        "cam-1  | cam-1        | ''                                   | 50",
        "cam-1  | cam-10,cam-2 | node(s) had no wire to camera cam-1  | 33",
    })
    void whereTheWireIs(String wanted, String wired, String refusal, int score) {
        PodWish pod = new PodWish(Obj.of("metadata", Obj.of("annotations", Obj.of("example.com/camera", wanted))), Resources.NONE, List.of());
        NodeState node = new NodeState(Obj.of("metadata", Obj.of("name", "n", "annotations", Obj.of("example.com/cameras", wired))), Map.of(),
                Resources.NONE, Resources.NONE, List.of());
        assertEquals(refusal, new WiredCamera().filter(pod, node).orElse(""));
        assertEquals(score, new WiredCamera().score(pod, node));
    }
}
