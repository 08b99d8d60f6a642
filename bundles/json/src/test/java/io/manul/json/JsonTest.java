package io.manul.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "true", "\"é\\n\"", "{\"a\":{\"b\":[1,2.5,-3,null,\"x\"]},\"c\":12345678901234567890}"})
    void whatIsReadIsWrittenTheSame(String text) {
        assertEquals(text, Json.text(Json.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":}", "{} {}", "nul", "[1,]", "{'a':1}"})
    void whatIsNotJsonIsRefused(String text) {
        assertThrows(JsonException.class, () -> Json.parse(text));
    }

    @Test
    void theMessageSaysWhatIsMissingAndNothingOfTheParser() {
        JsonException e = assertThrows(JsonException.class, () -> Json.parse("{"));
        assertEquals("Unexpected end-of-input: expected close marker for Object at byte 1", e.getMessage());
        e = assertThrows(JsonException.class, () -> Json.parse("[".repeat(Json.MAX_DEPTH + 1)));
        assertTrue(e.getMessage().startsWith("Document nesting depth (513) exceeds the maximum allowed (512) at byte"), e.getMessage());
    }

    @Test
    void depthIsBounded() {
        assertThrows(JsonException.class, () -> Json.parse("[".repeat(Json.MAX_DEPTH + 1)));
    }

    @Test
    void duplicateKeysAreTold() {
        List<String> seen = new ArrayList<>();
        byte[] text = "{\"spec\":{\"a\":1,\"a\":2},\"l\":[{\"x\":1,\"x\":1}]}".getBytes();
        Json.parse(text, 0, text.length, seen::add);
        assertEquals(List.of("spec.a", "l[0].x"), seen);
    }

    @Test
    void pathsReadAndWrite() {
        Obj pod = Obj.parse("{\"metadata\":{\"name\":\"a\",\"labels\":{\"k8s.io/x\":\"1\"}},\"spec\":{\"n\":3}}");
        assertEquals("a", pod.name());
        assertEquals("1", pod.labels().get("k8s.io/x"));
        assertEquals(3, pod.number("spec", "n").orElseThrow());
        assertEquals("", pod.text("spec", "n"));
        pod.set("node", "spec", "nodeName");
        pod.make("status").put("phase", "Running");
        pod.list("status", "conditions").add(Obj.of("type", "Ready", "count", 1).map());
        assertTrue(pod.toString().endsWith("\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"count\":1}]}}"));
        pod.remove("spec", "nodeName");
        assertTrue(pod.get("spec", "nodeName") == null);
    }
}
