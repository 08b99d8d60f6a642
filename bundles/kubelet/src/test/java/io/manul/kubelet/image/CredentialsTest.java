package io.manul.kubelet.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {

    @ParameterizedTest
    @CsvSource({
            "https://index.docker.io/v1/, busybox, true", "https://index.docker.io/v1/, team/app:1, true",
            "docker.io, registry.local/app, false", "registry.local:5000, registry.local:5000/a/b:1, true",
            "registry.local, registry.local.evil/a, false", "https://registry.local/team/, registry.local/team/app, true",
            "https://registry.local/team/, registry.local/other/app, false", "localhost, localhost/x, true"})
    void aServerOpensTheImagesOfItsRegistry(String server, String image, boolean opens) {
        assertEquals(opens, Credentials.matches(server, image));
    }
}
