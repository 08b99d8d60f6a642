package io.manul.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BeatTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0, 0, 0, 01 00 0000000000000000 00000000 000000000000 000000000000 0000",
        "255, -1, 4294967295, 281474976710655, 281474976710655, 65535, 01 ff ffffffffffffffff ffffffff ffffffffffff ffffffffffff ffff",
        "1, 81985529216486895, 7, 4294967296, 1764000000000, 1, 01 01 0123456789abcdef 00000007 000100000000 019ab697e800 0001",
    })
    void isWrittenAndRead(int flags, long epoch, long sequence, long monotonic, long wall, int conditions, String hex) {
        Beat b = new Beat(flags, epoch, sequence, monotonic, wall, conditions);
        assertEquals(hex.replace(" ", ""), HexFormat.of().formatHex(b.bytes()));
        assertEquals(b, Beat.of(b.bytes()));
        assertEquals(b, Beat.of(Arrays.copyOf(b.bytes(), 40)), "what a later minor version adds is passed over");
    }

    @Test
    void whatIsNoHeartbeatIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Beat.of(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> Beat.of(new byte[27]));
        assertThrows(IllegalArgumentException.class, () -> Beat.of(new byte[28]), "version 0");
        assertThrows(IllegalArgumentException.class, () -> new Beat(0, 0, 1L << 32, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Beat(0, 0, 0, -1, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "kn/v1/c/n/cam-7/hb, cam-7, hb", "kn/v1/c/n/cam-7/a/b, cam-7, a/b", "kn/v1/d/n/cam-7/hb,,", "kn/v1/c/n/cam-7,,", "kn/v1/c/n//hb,,",
        "kn/v1/c/state/heartbeat,,"
    })
    void topicsNameTheirNode(String topic, String node, String what) {
        assertEquals(node == null ? null : new Names.OfNode(node, what), new Names("c").node(topic).orElse(null));
    }
}
