package io.manul.network.dns.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.network.dns.wire.Name;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {

    private static List<String> problems(String key, String text) {
        return Config.of(Map.of(key, text)).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void theBlockWithTheLongestZoneServes() {
        Config c = Config.of(Map.of("a.server", "example.org {\n forward . 192.0.2.1\n}\nb.example.org, c.example.org:53 {\n cache 7\n forward . 192.0.2.2:5300\n}\n"));
        assertEquals(List.of(), c.problems());
        assertEquals("192.0.2.1", c.block(Name.of("x.example.org")).forward(Name.of("x.example.org")).orElseThrow().to().getFirst());
        assertEquals("192.0.2.2:5300", c.block(Name.of("b.Example.org")).forward(Name.of("b.example.org")).orElseThrow().to().getFirst());
        assertEquals(7, c.block(Name.of("q.c.example.org")).cacheSeconds());
        assertEquals(c.initial(), c.block(Name.of("example.com")));
        assertEquals("/etc/resolv.conf", c.initial().forward(Name.of("example.com")).orElseThrow().to().getFirst());
    }

    @Test
    void anOverrideForwardsOneZone() {
        Config c = Config.of(Map.of("a.override", "log\nforward corp 192.0.2.1 192.0.2.2 {\n  except dmz.corp\n  policy sequential\n}\n"));
        assertTrue(c.initial().log());
        assertEquals("192.0.2.1", c.initial().forward(Name.of("a.corp")).orElseThrow().to().getFirst());
        assertEquals("/etc/resolv.conf", c.initial().forward(Name.of("a.dmz.corp")).orElseThrow().to().getFirst());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a.override | acl {\\n allow\\n} | a.override line 1: `acl` is not understood and left out",
        "a.override | log\\n\\nforward . one.example | a.override line 3: `forward . one.example` names a server that is no address, or not plain DNS: one.example",
        "a.override | forward . tls://9.9.9.9 | a.override line 1: `forward . tls://9.9.9.9` names a server that is no address, or not plain DNS: tls://9.9.9.9",
        "a.override | rewrite ttl a 5 5 | a.override line 1: `rewrite ttl a 5 5` is left out: only names are rewritten",
        "a.override | rewrite name regex ( b | a.override line 1: `rewrite name regex ( b` has no regular expression and is left out: Unclosed group",
        "a.override | cache x | a.override line 1: `cache x` has no number of seconds and is left out",
        "a.override | hosts {\\n 1.2.3 a\\n} | a.override line 2: `1.2.3 a` is no address with names and is left out",
        "a.override | template IN LOC x | a.override line 1: `template IN LOC x` is left out: needs `template IN TYPE [ZONE...]` with a type that is known",
        "a.server | tls://example.org {\\n} | a.server line 1: `tls://example.org` is not served: only plain DNS is",
        "a.server | example.org:5353 {\\n} | a.server line 1: `example.org:5353` is not served: only port 53 is",
        "a.server | example.org {\\n errors | a.server line 1: `{` is not closed",
        "a.server | }}} | a.server line 1: `}}}` is no zone",
        "a.server | } | a.server line 1: `}` has no brace that opens it"})
    void whatIsNotUnderstoodIsSaidWithItsLine(String key, String text, String problem) {
        assertEquals(List.of(problem), problems(key, text.replace("\\n", "\n")));
    }

    @Test
    void noTextMakesItFail() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String[] words = {"{", "}", "\n", " ", "forward", ".", "hosts", "10.0.0.1", "rewrite", "name", "regex", "(", "template", "IN", "A", "match", "\"", "#",
            "cache", "9999999999", "a..b", "example.org:53", "answer", "{{ .Name }}", "::1", "[::1]:53", "[", "policy", "ttl", "-1", "except", "x".repeat(300)};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
            }
            try {
                Config.of(Map.of("a.server", text.toString(), "b.override", text.toString()));
            } catch (RuntimeException e) {
                throw new AssertionError("-Dseed=" + seed + " " + text, e);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, /10.0.0.1:53", "10.0.0.1:54, /10.0.0.1:54", "fd00::1, /[fd00:0:0:0:0:0:0:1]:53", "[fd00::1]:54, /[fd00:0:0:0:0:0:0:1]:54",
        "10.0.0.256, none", "10.0.0.1:99999, none", "a:53, none", "[::1, none", "10.0.0.1:, none", "'', none"})
    void servers(String text, String expected) {
        assertEquals(expected, Server.parse(text).map(Object::toString).orElse("none"));
    }
}
