package io.manul.kubelet.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {

    @ParameterizedTest
    @CsvSource({"busybox,true", "manul.io/examples/busybox:1,true", "localhost:5000/a/b__c:v1.2-x,true", "[::1]:5000/a,true", "Host.io/a,true",
            "a@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855,true",
            "r.io/a:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855,true",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855,true",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855,true",
            "Bad::Name,false", "a/Upper,false", "a:,false", "a@sha256:12,false", "-a,false", "a b,false", "a//b,false"})
    void references(String image, boolean good) {
        assertEquals(good ? "" : "Failed to apply default image tag \"" + image + "\": couldn't parse image name \"" + image
                + "\": invalid reference format", ImageName.fault(image).orElse(""));
    }
}
