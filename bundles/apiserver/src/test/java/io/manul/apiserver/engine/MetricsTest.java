package io.manul.apiserver.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.ClientGone;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** apiserver_request_total counts what was answered. */
class MetricsTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private TestServer server;

    @BeforeEach
    void begin() throws Exception {
        server = new TestServer();
    }

    @AfterEach
    void end() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "POST|/api/v1/namespaces/default/configmaps|{'metadata':{'name':'a'}}|CREATE|configmaps|201",
        "POST|/api/v1/namespaces/default/configmaps|{'metadata':{'name':'A'}}|CREATE|configmaps|422",
        "PUT|/apis/coordination.k8s.io/v1/namespaces/default/leases/a|{'metadata':{'name':'a'}}|UPDATE|leases|201",
        "GET|/api/v1/namespaces/default/configmaps||LIST|configmaps|200",
        "GET|/api/v1/namespaces/default/configmaps/none||GET|configmaps|404",
        "DELETE|/api/v1/namespaces/default/configmaps/none||DELETE|configmaps|404"})
    void theStatusOfTheAnswerIsCounted(String method, String target, String body, String verb, String resource, String code) throws Exception {
        TestExchange x = server.ask(method, target, body == null ? "" : body.replace('\'', '"'), Map.of());
        assertEquals(code, Integer.toString(x.status));
        counted(verb, resource, code);
    }

    @Test
    void aWatchCountsTheStatusItsStreamBeganWith() throws Exception {
        TestExchange x = new TestExchange("GET", MAPS + "?watch=true", Map.of(), new byte[0], TestServer.ADMIN);
        x.leave();
        assertThrows(ClientGone.class, () -> server.handler.handle(x));
        counted("WATCH", "configmaps", "200");
    }

    private void counted(String verb, String resource, String code) throws Exception {
        String text = new String(server.ask("GET", "/metrics", "", Map.of()).answer, StandardCharsets.UTF_8);
        String counts = String.join("\n", text.lines().filter(l -> l.startsWith("apiserver_request_total{verb=\"" + verb + "\"")
                && l.contains("resource=\"" + resource + "\"")).toList());
        assertTrue(counts.endsWith("code=\"" + code + "\"} 1") && counts.lines().count() == 1, counts);
    }
}
