package io.manul.controllers.quota;

import io.manul.controllers.testing.ManifestCase;
import io.manul.controllers.testing.TestCluster;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of manifests below {@code quota} keeps the promise that its name is. */
@Timeout(60)
class QuotaManifestsTest {

    static Stream<ManifestCase> quotas() throws IOException {
        return ManifestCase.all("quota");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("quotas")
    void quota(ManifestCase manifests) throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            manifests.given(api);
            QuotaControllers room = new QuotaControllers(api.clusters());
            room.begin(new byte[0]);
            try {
                manifests.play(api, room::idle);
            } finally {
                room.end();
            }
        }
    }
}
