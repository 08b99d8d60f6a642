package io.manul.helm.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every template of {@code templates/*.txt}, alone and inside an include, renders or fails as in the real Helm. */
class TemplatesTest {

    static Stream<String[]> templates() throws IOException {
        Stream.Builder<String[]> all = Stream.builder();
        for (String file : new String[] {"language", "values", "functions"}) {
            try (var in = TemplatesTest.class.getResourceAsStream("/templates/" + file + ".txt")) {
                String[] parts = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n=+\n");
                for (int i = 1; i < parts.length; i++) {
                    all.add(new String[] {parts[i], parts[0]});
                    all.add(new String[] {"{{ define \"t\" }}" + parts[i] + "{{ end }}a: {{ include \"t\" . | toJson }}", parts[0]});
                }
            }
        }
        return all.build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("templates")
    void rendersAsHelmDoes(String template, String values, @TempDir Path folder) throws IOException {
        Path chart = Judge.chart(folder, template, values);
        assertEquals(Judge.real(chart, null), Judge.ours(chart, null));
    }
}
