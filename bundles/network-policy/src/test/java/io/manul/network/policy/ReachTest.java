package io.manul.network.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case of {@code reach.txt} with real packets through the real table. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReachTest {

    record Case(String promise, List<String> policies, List<String> rows) {
        @Override
        public String toString() {
            return promise;
        }
    }

    private PacketBed bed;

    static Stream<Case> cases() throws IOException {
        List<Case> out = new ArrayList<>();
        try (var in = ReachTest.class.getResourceAsStream("/reach.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#") && !l.isBlank()).forEach(l -> {
                if (l.startsWith("case ")) {
                    out.add(new Case(l.substring(5), new ArrayList<>(), new ArrayList<>()));
                } else {
                    (l.startsWith("{") ? out.getLast().policies : out.getLast().rows).add(l);
                }
            });
        }
        return out.stream();
    }

    @BeforeAll
    void build() throws Exception {
        Assumptions.assumeTrue(PacketBed.possible(), "needs root, nft, busybox and br_netfilter");
        bed = new PacketBed();
    }

    @AfterAll
    void end() throws Exception {
        if (bed != null) {
            bed.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void reach(Case one) throws Exception {
        World world = new World();
        Pending news = Worlds.pods();
        one.policies.forEach(p -> Worlds.policy(news, p));
        world.take(news);
        bed.tool().run(world.empty() ? Frame.nothing() : new Script().to(world), "nft", "-f", "-");
        TreeSet<String> wrong = new TreeSet<>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> all = new ArrayList<>();
            one.rows.forEach(r -> all.add(threads.submit((Callable<String>) () -> wrong(r))));
            for (Future<String> f : all) {
                wrong.add(f.get());
            }
        }
        wrong.remove("");
        assertEquals(new TreeSet<>(), wrong);
    }

    private String wrong(String row) throws Exception {
        String[] w = row.split(" ");
        boolean expected = w[4].equals("yes");
        return bed.reaches(w[0], w[1], w[2], Integer.parseInt(w[3]), expected) == expected ? "" : row;
    }
}
