package io.manul.kubelet.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.kubelet.Sight;
import io.manul.kubelet.model.Pod;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            # policy, container a, container b, nothing runs any more, phase
            Always,    '',      '',      false, Pending
            Always,    running, '',      false, Pending
            Always,    running, running, false, Running
            Always,    running, 1,       false, Running
            Always,    0,       0,       false, Running
            Always,    0,       0,       true,  Succeeded
            Always,    0,       137,     true,  Failed
            Always,    '',      '',      true,  Failed
            OnFailure, 0,       0,       false, Succeeded
            OnFailure, 0,       1,       false, Running
            OnFailure, 0,       running, false, Running
            Never,     0,       0,       false, Succeeded
            Never,     0,       1,       false, Failed
            Never,     1,       running, false, Running
            Never,     created, running, false, Pending
            """)
    void phases(String policy, String a, String b, boolean terminal, String phase) {
        Pod pod = Sight.containers(policy, "", "a b");
        Sight sight = Sight.of(pod).sandbox();
        if (!a.isEmpty()) {
            sight.container("a", a);
        }
        if (!b.isEmpty()) {
            sight.container("b", b);
        }
        assertEquals(phase, Phase.of(pod, sight.seen(), terminal));
    }

    @ParameterizedTest
    @CsvSource({"Never, 1, Failed", "OnFailure, 1, Pending", "Always, 1, Pending", "Never, 0, Pending", "Never, running, Pending"})
    void initContainers(String policy, String init, String phase) {
        Pod pod = Sight.containers(policy, "i", "a");
        assertEquals(phase, Phase.of(pod, Sight.of(pod).sandbox().container("i", init).seen(), false));
    }
}
