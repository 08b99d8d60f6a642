package io.manul.kubelet.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.kubelet.Sight;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Observed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {

    private static Plan plan(Pod pod, Observed seen) {
        return Plan.of(pod, seen, (c, i) -> true, i -> Optional.empty());
    }

    @Test
    void aSandboxComesFirstAndAlsoAfterTheOldOneDied() {
        Pod pod = Sight.containers("Always", "", "a");
        assertTrue(plan(pod, Observed.NOTHING).sandbox());
        assertTrue(plan(pod, Sight.of(pod).sandbox().container("a", "137").sandbox(false).seen()).sandbox());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # policy, what the container did, what is started
            Always,    '',       a
            Always,    running,  ''
            Always,    0,        a
            Always,    3,        a
            Always,    created,  a
            OnFailure, 0,        ''
            OnFailure, 3,        a
            Never,     0,        ''
            Never,     3,        ''
            Never,     '',       a
            """)
    void restartPolicies(String policy, String state, String started) {
        Pod pod = Sight.containers(policy, "", "a");
        Sight sight = Sight.of(pod).sandbox();
        if (!state.isEmpty()) {
            sight.container("a", state);
        }
        assertEquals(started.isEmpty() ? List.of() : List.of(started), plan(pod, sight.seen()).start());
    }

    @Test
    void initContainersRunOneAfterTheOtherBeforeTheOthers() {
        Pod pod = Sight.containers("Always", "i j", "a b");
        Sight sight = Sight.of(pod).sandbox();
        assertEquals(List.of("i"), plan(pod, sight.seen()).start());
        assertEquals(List.of(), plan(pod, sight.container("i", "running").seen()).start());
        sight = Sight.of(pod).sandbox().container("i", "0");
        assertEquals(List.of("j"), plan(pod, sight.seen()).start());
        assertEquals(List.of("j"), plan(pod, sight.container("j", "1").seen()).start(), "failed: again");
        assertEquals(List.of("a", "b"), plan(pod, sight.container("j", "0").seen()).start());
    }

    @Test
    void anInitContainerThatFailedIsFinalWhenNothingIsRestarted() {
        Pod pod = Sight.containers("Never", "i", "a");
        assertEquals(List.of(), plan(pod, Sight.of(pod).sandbox().container("i", "1").seen()).start());
    }

    @Test
    void initContainersThatWereRemovedSinceAreDone() {
        Pod pod = Sight.containers("Always", "i", "a b");
        assertEquals(List.of("b"), plan(pod, Sight.of(pod).sandbox().container("a", "running").seen()).start());
    }

    @Test
    void aNewSandboxBeginsWithTheInitContainersAgain() {
        Pod pod = Sight.containers("Always", "i", "a");
        Observed seen = Sight.of(pod).sandbox().container("i", "0").container("a", "137").sandbox().seen();
        assertEquals(List.of("i"), plan(pod, seen).start());
    }

    @Test
    void aSidecarMustHaveStartedUpBeforeTheNext() {
        Pod pod = Sight.containers("Always", "side+ i", "a");
        Observed seen = Sight.of(pod).sandbox().container("side", "running").seen();
        assertEquals(List.of(), Plan.of(pod, seen, (c, i) -> false, i -> Optional.empty()).start());
        assertEquals(List.of("i"), plan(pod, seen).start());
    }

    @Test
    void aSidecarIsRestartedBesideTheRunningContainersWhateverThePolicy() {
        Pod pod = Sight.containers("Never", "side+", "a");
        assertEquals(List.of("side"),
                plan(pod, Sight.of(pod).sandbox().container("side", "0").container("a", "running").seen()).start());
    }

    @Test
    void anImageThatChangedOrAFailedProbeKillsTheContainer() {
        Pod pod = Sight.containers("Always", "", "a");
        Observed seen = Sight.of(pod).sandbox().container("a", "running").seen();
        Pod changed = new Pod(pod.object().copy());
        changed.containers().getFirst().put("image", "other");
        assertEquals(List.of("Container a definition changed, will be restarted"), List.copyOf(plan(changed, seen).kill().values()));
        Plan ill = Plan.of(pod, seen, (c, i) -> true, i -> Optional.of("ill"));
        assertEquals(List.of("ill"), List.copyOf(ill.kill().values()));
        assertEquals(List.of(), ill.start(), "only when it has ended");
    }
}
