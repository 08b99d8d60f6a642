package io.manul.controllers.workload;

import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.ManifestCase;
import io.manul.controllers.testing.TestCluster;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of manifests below {@code deployment}, {@code replicaset} and {@code replicationcontroller} keeps the promise that its name is. */
@Timeout(60)
class WorkloadManifestsTest {

    static Stream<ManifestCase> deployments() throws IOException {
        return ManifestCase.all("deployment");
    }

    static Stream<ManifestCase> replicaSets() throws IOException {
        return ManifestCase.all("replicaset");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("deployments")
    void deployment(ManifestCase manifests) throws Exception {
        play(manifests);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("replicaSets")
    void replicaSet(ManifestCase manifests) throws Exception {
        play(manifests);
    }

    static Stream<ManifestCase> replicationControllers() throws IOException {
        return ManifestCase.all("replicationcontroller");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("replicationControllers")
    void replicationController(ManifestCase manifests) throws Exception {
        play(manifests);
    }

    private static void play(ManifestCase manifests) throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            manifests.given(api);
            WorkloadControllers room = new WorkloadControllers(api.clusters());
            room.begin(new byte[0]);
            try (Kubelets kubelets = new Kubelets(api)) {
                manifests.play(api, () -> room.idle() && kubelets.idle());
            } finally {
                room.end();
            }
        }
    }
}
