package io.manul.network.services;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's table after many differences is the one that is written whole. Needs root and nft. */
class ScriptOnNftTest {

    private static final String[] SPACES = {"manul-nft-a", "manul-nft-b"};

    @BeforeAll
    static void spaces() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        for (String s : SPACES) {
            Tool.PROCESS.run("", "ip", "netns", "add", s);
        }
    }

    @AfterAll
    static void remove() throws IOException, InterruptedException {
        for (String s : SPACES) {
            Tool.PROCESS.run("", "sh", "-c", "ip netns del " + s + " 2>/dev/null || true");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void differencesAddUpToTheWhole(long seed) throws Exception {
        Random random = new Random(seed);
        Ruleset now = new Ruleset(rules(random));
        nft(SPACES[0], Script.whole("t", "10.42.0.0/16", now));
        for (int i = 0; i < 12; i++) {
            Ruleset next = new Ruleset(rules(random));
            nft(SPACES[0], Script.difference("t", "10.42.0.0/16", now, next));
            now = next;
        }
        nft(SPACES[1], Script.whole("t", "10.42.0.0/16", now));
        assertEquals(listed(SPACES[1]), listed(SPACES[0]), "seed " + seed);
    }

    private static List<PortRule> rules(Random random) {
        List<PortRule> rules = new ArrayList<>();
        for (int s = 0; s < 6; s++) {
            if (random.nextInt(4) > 0) {
                List<Endpoint> inside = endpoints(random);
                boolean keep = random.nextBoolean();
                rules.add(new PortRule("svc-" + s, random.nextBoolean() ? "tcp" : "udp", List.of("10.43.0." + s),
                        random.nextInt(3) == 0 ? List.of("192.0.2." + s) : List.of(), 80, random.nextBoolean() ? 30000 + s : 0,
                        inside, keep ? endpoints(random) : inside, keep, random.nextInt(3) == 0 ? 60 : 0));
            }
        }
        return rules;
    }

    private static List<Endpoint> endpoints(Random random) {
        TreeSet<Endpoint> all = new TreeSet<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            all.add(new Endpoint("10.42.0." + (1 + random.nextInt(9)), 8080));
        }
        return List.copyOf(all);
    }

    private static void nft(String space, String script) throws Exception {
        if (!script.isEmpty()) {
            Tool.PROCESS.run(script, "ip", "netns", "exec", space, "nft", "-f", "-");
        }
    }

    /** The table with sorted lines: order of elements and chains is the kernel's own. */
    private static String listed(String space) throws Exception {
        Process p = new ProcessBuilder("ip", "netns", "exec", space, "nft", "-s", "list", "table", "ip", "t").start();
        String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, p.waitFor());
        return text.lines().flatMap(l -> java.util.Arrays.stream(l.split(",|elements = "))).map(l -> l.replaceAll("[{}]", "").strip())
                .filter(l -> !l.isEmpty()).sorted().reduce("", (a, b) -> a + "\n" + b);
    }
}
