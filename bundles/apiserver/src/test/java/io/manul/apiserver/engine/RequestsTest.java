package io.manul.apiserver.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Peer;
import io.manul.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables of requests and answers: {@code src/test/resources/requests/*.txt}, each on a server of its own. A block is a request
 * (line, headers, body), {@code -> STATUS}, and what the answer must say, a line each: {@code path = json}, {@code path ~ text},
 * {@code path !} (absent), {@code path => NAME} (kept, for {@code {NAME}} further down), {@code header name ~ text},
 * {@code body ~ text}, {@code forwarded ~ text}. Path segments are separated by slashes, list items by their number.
 */
final class RequestsTest {

    static Stream<Path> tables() throws IOException {
        String only = System.getProperty("case", "");
        return Files.list(Path.of("src/test/resources/requests")).filter(p -> p.getFileName().toString().startsWith(only)).sorted();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void answers(Path table) throws Exception {
        Map<String, String> kept = new HashMap<>();
        List<String> failures = new ArrayList<>();
        try (TestServer server = new TestServer()) {
            for (String block : Files.readString(table).split("\n\\s*\n")) {
                String text = String.join("\n", block.lines().filter(l -> !l.startsWith("#")).toList()).strip();
                if (text.isEmpty()) {
                    continue;
                }
                try {
                    run(server, fill(text, kept), kept);
                } catch (AssertionError e) {
                    failures.add(text.lines().findFirst().orElse("") + ": " + e.getMessage());
                }
            }
        }
        assertTrue(failures.isEmpty(), () -> table.getFileName() + ":\n" + String.join("\n", failures));
    }

    private static String fill(String text, Map<String, String> kept) {
        String out = text;
        for (Map.Entry<String, String> e : kept.entrySet()) {
            out = out.replace("{" + e.getKey() + "}", e.getValue());
        }
        return out;
    }

    private static void run(TestServer server, String block, Map<String, String> kept) throws Exception {
        List<String> lines = block.lines().toList();
        String[] first = lines.getFirst().split(" ", 2);
        Map<String, String> headers = new LinkedHashMap<>();
        StringBuilder body = new StringBuilder();
        Peer as = TestServer.ADMIN;
        int i = 1;
        for (; !lines.get(i).startsWith("-> "); i++) {
            String line = lines.get(i);
            if (body.isEmpty() && line.startsWith("as: ")) {
                String[] who = line.substring(4).split(" ");
                as = new Peer.Internal(who[0], List.of(who).subList(1, who.length), "test");
            } else if (body.isEmpty() && line.matches("[a-z-]+: .*")) {
                headers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
            } else {
                body.append(line).append('\n');
            }
        }
        TestExchange x = server.ask(as, first[0], first[1], body.toString().stripTrailing(), headers);
        String answer = new String(x.answer, StandardCharsets.UTF_8);
        assertEquals(lines.get(i).substring(3).strip(), Integer.toString(x.status), answer);
        for (String line : lines.subList(i + 1, lines.size())) {
            check(line, x, answer, kept);
        }
    }

    private static void check(String line, TestExchange x, String answer, Map<String, String> kept) {
        String path = line.split(" ")[0];
        String rest = line.substring(path.length()).strip();
        if (path.equals("header")) {
            String name = rest.split(" ")[0];
            contains(x.answerHeaders.getOrDefault(name, "(no header " + name + ")"), rest.substring(name.length()).strip());
            return;
        }
        if (path.equals("body") || path.equals("forwarded")) {
            contains(path.equals("body") ? answer : x.forwarded, rest);
            return;
        }
        Object value = at(Json.parse(answer), path);
        if (rest.equals("!")) {
            assertEquals(null, value, line + "\n" + answer);
        } else if (rest.startsWith("=> ")) {
            kept.put(rest.substring(3).strip(), value instanceof String s ? s : Json.text(value));
            assertFalse(value == null, line + "\n" + answer);
        } else if (rest.startsWith("~ ")) {
            contains(value instanceof String s ? s : Json.text(value), rest);
        } else {
            assertEquals(Json.parse(rest.substring(1).strip()), value, line + "\n" + answer);
        }
    }

    private static void contains(String value, String rule) {
        String wanted = rule.substring(1).strip();
        assertTrue(value.contains(wanted), () -> "expected ..." + wanted + "..., got " + value);
    }

    private static Object at(Object value, String path) {
        Object at = value;
        for (String segment : path.split("/")) {
            if (at instanceof Map<?, ?> m) {
                at = m.get(segment);
            } else if (at instanceof List<?> l && segment.matches("\\d+") && Integer.parseInt(segment) < l.size()) {
                at = l.get(Integer.parseInt(segment));
            } else if (at instanceof List<?> l && segment.equals("#")) {
                at = (long) l.size();
            } else {
                return null;
            }
        }
        return at;
    }
}
