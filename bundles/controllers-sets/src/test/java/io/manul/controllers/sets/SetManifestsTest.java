package io.manul.controllers.sets;

import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.ManifestCase;
import io.manul.controllers.testing.TestCluster;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of manifests below {@code statefulset} and {@code daemonset} keeps the promise that its name is. */
@Timeout(90)
class SetManifestsTest {

    static Stream<ManifestCase> statefulSets() throws IOException {
        return ManifestCase.all("statefulset");
    }

    static Stream<ManifestCase> daemonSets() throws IOException {
        return ManifestCase.all("daemonset");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statefulSets")
    void statefulSet(ManifestCase manifests) throws Exception {
        play(manifests);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("daemonSets")
    void daemonSet(ManifestCase manifests) throws Exception {
        play(manifests);
    }

    private static void play(ManifestCase manifests) throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            manifests.given(api);
            SetControllers room = new SetControllers(api.clusters());
            room.begin(new byte[0]);
            try (Kubelets kubelets = new Kubelets(api)) {
                manifests.play(api, () -> room.idle() && kubelets.idle());
            } finally {
                room.end();
            }
        }
    }
}
