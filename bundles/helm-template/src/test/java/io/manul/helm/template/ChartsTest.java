package io.manul.helm.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every chart of {@code charts/}, with its own values and with those beside it, renders or fails as in the real Helm. */
class ChartsTest {

    private static final Path CHARTS = Path.of("src/test/resources/charts");

    static Stream<Path> charts() throws IOException {
        return Files.list(CHARTS).filter(Files::isDirectory).sorted();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("charts")
    void rendersAsHelmDoes(Path chart) throws IOException {
        assertEquals(Judge.real(chart, null), Judge.ours(chart, null));
        Path values = chart.resolveSibling(chart.getFileName() + ".values.yaml");
        if (Files.exists(values)) {
            assertEquals(Judge.real(chart, values), Judge.ours(chart, values));
        }
    }
}
