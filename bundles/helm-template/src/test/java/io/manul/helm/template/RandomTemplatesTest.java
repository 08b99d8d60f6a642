package io.manul.helm.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random templates, errors included, render as in the real Helm: {@code -Dtemplates=N -Dseed=S}. */
class RandomTemplatesTest {

    private static final String VALUES = """
            s: hello
            n: 8080
            f: 1.5
            t: true
            z: 0
            e: ""
            nul: null
            l: [a, 1, 2.5, true, null, [x], {k: v}]
            m: {b: 1, a: x, c: {d: [1, {e: f}]}}
            """;

    @Test
    void renderAsHelmDoes(@TempDir Path folder) throws IOException {
        long seed = Long.getLong("seed", 42);
        int count = Integer.getInteger("templates", 100);
        for (int i = 0; i < count; i++) {
            String template = new TemplateMaker(new Random(seed + i)).make();
            Path chart = Judge.chart(folder, template, VALUES);
            String real = Judge.real(chart, null);
            if (real.contains("0xc0") || real.contains("Capabilities")) {
                // an address in memory, or the judge's own idea of the cluster
                continue;
            }
            assertEquals(real, Judge.ours(chart, null), "replay with -Dtemplates=1 -Dseed=" + (seed + i) + "\n" + template);
        }
    }
}
