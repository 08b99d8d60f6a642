package io.manul.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.TestPki;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {

    private static final String C = "0123abcd";

    private static Access node() {
        return Access.of("system:node:cam-7", List.of("system:nodes"), C).orElseThrow();
    }

    private static Access server() {
        return Access.of(Access.SERVER, List.of("system:manul"), C).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "kn/v1/0123abcd/n/cam-7/hb, true, true",
        "kn/v1/0123abcd/n/cam-7/a/b, true, true",
        "kn/v1/0123abcd/n/cam-7, false, true",
        "kn/v1/0123abcd/n/cam-70/hb, false, true",
        "kn/v1/0123abcd/n/cam-8/hb, false, true",
        "kn/v1/ffffffff/n/cam-7/hb, false, true",
        "kn/v1/0123abcd/state/heartbeat, false, true",
        "kn/v2/x, false, false",
        "kn/v1, false, false",
        "$SYS/x, false, false",
    })
    void whoMayPublishWhat(String topic, boolean node, boolean server) {
        assertEquals(node, node().mayPublish(topic), "node");
        assertEquals(server, server().mayPublish(topic), "server");
    }

    @ParameterizedTest
    @CsvSource({
        "kn/v1/0123abcd/n/cam-7/cmd, true, true",
        "kn/v1/0123abcd/n/cam-7/cmd/#, true, true",
        "kn/v1/0123abcd/n/cam-7/cmd/+, true, true",
        "kn/v1/0123abcd/n/cam-7/cmdx, false, true",
        "kn/v1/0123abcd/n/cam-7/hb, false, true",
        "kn/v1/0123abcd/n/cam-7/#, false, true",
        "kn/v1/0123abcd/n/+/cmd, false, true",
        "kn/v1/0123abcd/state/#, true, true",
        "kn/v1/0123abcd/state/heartbeat, true, true",
        "kn/v1/0123abcd/state, false, true",
        "kn/v1/+/state/#, false, true",
        "kn/v1/0123abcd/+/#, false, true",
        "kn/v1/#, false, true",
        "kn/+/#, false, false",
        "+/v1/#, false, false",
        "'#', false, false",
    })
    void whoMaySubscribeToWhat(String filter, boolean node, boolean server) {
        assertEquals(node, node().maySubscribe(filter), "node");
        assertEquals(server, server().maySubscribe(filter), "server");
    }

    @ParameterizedTest
    @CsvSource({
        "system:node:cam-7, system:nodes, cam-7",
        "system:manul:heartbeat, system:manul, ''",
        "system:manul:heartbeat, system:masters,",
        "system:node:cam-7, system:masters,",
        "system:manul:heartbeat, system:nodes,",
        "system:node:+, system:nodes,",
        "system:node:a/b, system:nodes,",
        "system:node:, system:nodes,",
        "system:node:#, system:nodes,",
        "system:admin, system:masters,",
    })
    void whoIsLetIn(String name, String group, String node) {
        assertEquals(node, Access.of(name, List.of(group), C).map(Access::node).orElse(null));
    }

    @Test
    void theNameIsReadFromTheCertificate() {
        TestPki pki = new TestPki("n");
        Access a = Access.of(pki.node("cam-7").chain().getFirst(), C).orElseThrow();
        assertEquals("system:node:cam-7", a.identity());
        assertTrue(Access.of(pki.server().chain().getFirst(), C).orElseThrow().server());
        assertTrue(Access.of(pki.client("x", "mallory, CN=system:node:cam-7", List.of("system:nodes")).chain().getFirst(), C).isEmpty());
    }
}
