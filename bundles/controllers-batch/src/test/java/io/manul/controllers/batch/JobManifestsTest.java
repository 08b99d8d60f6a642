package io.manul.controllers.batch;

import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.ManifestCase;
import io.manul.controllers.testing.TestCluster;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of manifests below {@code job} keeps the promise that its name is. */
@Timeout(60)
class JobManifestsTest {

    static Stream<ManifestCase> jobs() throws IOException {
        return ManifestCase.all("job");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void job(ManifestCase manifests) throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            manifests.given(api);
            BatchControllers room = new BatchControllers(api.clusters());
            room.begin(new byte[0]);
            try (Kubelets kubelets = new Kubelets(api)) {
                manifests.play(api, () -> room.idle() && kubelets.idle());
            } finally {
                room.end();
            }
        }
    }
}
