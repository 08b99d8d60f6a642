package io.manul.controllers.storage;

import io.manul.controllers.testing.ManifestCase;
import io.manul.controllers.testing.TestCluster;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of manifests below {@code binding} keeps the promise that its name is. */
@Timeout(60)
class StorageManifestsTest {

    static Stream<ManifestCase> cases() throws IOException {
        return ManifestCase.all("binding");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void binding(ManifestCase manifests) throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            manifests.given(api);
            StorageControllers room = new StorageControllers(api.clusters());
            room.begin(new byte[0]);
            try {
                manifests.play(api, room::idle);
            } finally {
                room.end();
            }
        }
    }
}
