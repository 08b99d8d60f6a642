package io.manul.controllers.policy;

import io.manul.controllers.testing.Kubelets;
import io.manul.controllers.testing.ManifestCase;
import io.manul.controllers.testing.TestCluster;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of manifests below {@code budget} keeps the promise that its name is. */
@Timeout(60)
class BudgetManifestsTest {

    static Stream<ManifestCase> budgets() throws IOException {
        return ManifestCase.all("budget");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("budgets")
    void budget(ManifestCase manifests) throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            manifests.given(api);
            PolicyControllers room = new PolicyControllers(api.clusters());
            room.begin(new byte[0]);
            try (Kubelets kubelets = new Kubelets(api)) {
                manifests.play(api, () -> room.idle() && kubelets.idle());
            } finally {
                room.end();
            }
        }
    }
}
