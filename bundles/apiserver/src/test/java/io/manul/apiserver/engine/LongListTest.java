package io.manul.apiserver.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A list over 1 MiB goes out in pieces, and another version goes on with it at the same revision. */
final class LongListTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @Test
    void inPiecesAndResumed() throws Exception {
        try (TestServer server = new TestServer()) {
            String text = "x".repeat(20_000);
            for (int i = 0; i < 80; i++) {
                server.good("POST", MAPS, "{\"metadata\":{\"name\":\"m%03d\"},\"data\":{\"k\":\"%s\"}}".formatted(i, text));
            }
            TestExchange upgrade = server.ask("GET", MAPS, "", Map.of("connection", "Upgrade", "upgrade", "websocket"));
            assertEquals(400, upgrade.status, "its pieces are not WebSocket messages");
            assertEquals(200, server.ask("GET", MAPS + "?limit=1", "", Map.of("upgrade", "websocket")).status);
            TestExchange x = server.stream(MAPS, Map.of(), null);
            StringBuilder all = new StringBuilder(x.next());
            String second = x.next();
            assertTrue(all.length() < 200_000, () -> "one piece has " + all.length());
            for (String piece = second; !piece.isEmpty(); piece = x.next()) {
                all.append(piece);
            }
            Obj whole = Obj.parse(all.toString());
            assertEquals(80, whole.objects("items").size());
            assertEquals("1;E", x.cursor().orElseThrow());

            String rv = whole.text("metadata", "resourceVersion");
            server.good("DELETE", MAPS + "/m079", "");
            TestExchange resumed = server.stream(MAPS, Map.of(), "1;B;" + rv + ";/registry/configmaps/default/m074");
            StringBuilder rest = new StringBuilder();
            for (String piece = resumed.next(); !piece.isEmpty(); piece = resumed.next()) {
                rest.append(piece);
            }
            List<String> names = Obj.parse("{\"items\":[{}" + rest).objects("items").stream().map(Obj::name).toList();
            assertEquals(IntStream.range(75, 80).mapToObj("m%03d"::formatted).toList(), names.subList(1, names.size()));
        }
    }
}
