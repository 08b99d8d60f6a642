package io.manul.apiserver.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What kubectl get shows of a kind: {@code src/test/resources/columns.txt}. */
class ColumnsTest {

    private static final Instant NOW = Instant.parse("2026-01-06T00:00:00Z");

    static List<Arguments> rows() throws IOException {
        List<Arguments> rows = new ArrayList<>();
        String resource = "";
        String columns = "";
        try (var in = ColumnsTest.class.getResourceAsStream("/columns.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#")).toList()) {
                String[] parts = line.replace('\'', '"').split("\\|");
                if (parts[0].isBlank()) {
                    rows.add(Arguments.of(resource, columns, parts[1].strip(), parts[2].strip()));
                } else {
                    resource = parts[0].strip();
                    columns = parts.length > 1 ? parts[1].strip() : "";
                }
            }
        }
        return rows;
    }

    private static Strategy strategy(String resource) {
        int slash = resource.indexOf('/');
        return new KindStrategies().of(resource.substring(0, slash), resource.substring(slash + 1));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anObjectIsShownAsUpstreamDoes(String resource, String columns, String json, String cells) {
        Obj object = Obj.parse(json).set("it", "metadata", "name").set("2026-01-01T00:00:00Z", "metadata", "creationTimestamp");
        Strategy s = strategy(resource);
        assertEquals(columns, s.columns().stream().map(c -> c.name() + (c.priority() == 0 ? "" : "*")).collect(Collectors.joining(", ")));
        assertEquals(Json.parse(cells), s.cells(object, NOW));
    }

    @Test
    void aDefaultClassSaysSoInTheColumnThatKubectlTakesForItsName() {
        Strategy s = strategy("storage.k8s.io/storageclasses");
        assertEquals(false, s.nameFirst());
        assertEquals(new Column("Name", "string", "name", "", 0), s.columns().getFirst());
    }
}
