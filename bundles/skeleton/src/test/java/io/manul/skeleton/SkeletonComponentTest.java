package io.manul.skeleton;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.api.settings.Settings;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SkeletonComponentTest {

    private static SkeletonComponent version() {
        Settings settings = (Settings) Proxy.newProxyInstance(Settings.class.getClassLoader(), new Class<?>[] {Settings.class},
                (proxy, method, arguments) -> "node");
        return new SkeletonComponent(settings, () -> Instant.EPOCH);
    }

    @Test
    void theNextVersionGoesOnWhereTheLastOneEnded() throws Exception {
        byte[] state = new byte[0];
        for (int version = 0; version < 3; version++) {
            SkeletonComponent c = version();
            c.begin(state);
            c.step();
            state = c.end();
        }
        assertEquals("1;3", new String(state, StandardCharsets.US_ASCII));
    }

    @Test
    void stateOfAnUnknownFormIsIgnored() throws Exception {
        SkeletonComponent c = version();
        c.begin("2;what".getBytes(StandardCharsets.US_ASCII));
        assertEquals(0, c.health().steps());
        c.end();
    }
}
