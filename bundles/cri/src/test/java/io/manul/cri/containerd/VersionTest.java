package io.manul.cri.containerd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3       | 1.6
            containerd github.com/containerd/containerd/v2 2.1.9 2.1.9~ds1-1                  | 2.1
            containerd containerd.io 1.7.24 88bf19b2105c8b17560993bee28a01ddc2f97182          | 1.7
            containerd github.com/containerd/containerd/v2 v2.2.0-rc.1 4ac6c20c7bbf8177f29e46b| 2.2
            """)
    void whatDistributionsPrint(String line, String version) {
        assertEquals(version, Version.parse(line).toString());
    }

    @Test
    void tooOldIsRefused() {
        IllegalStateException e = assertThrows(IllegalStateException.class,
                () -> Version.parse("containerd github.com/containerd/containerd 1.4.13~ds1 1.4.13~ds1-1~deb11u4"));
        assertTrue(e.getMessage().contains("1.6 or later"), e.getMessage());
    }
}
