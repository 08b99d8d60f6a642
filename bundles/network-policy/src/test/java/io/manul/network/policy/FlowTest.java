package io.manul.network.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Key;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that is open ends when it loses its right, in both directions, and goes on when it has it again. */
@Timeout(60)
class FlowTest {

    private static final String DENY = "{\"metadata\":{\"name\":\"deny\",\"namespace\":\"x\"},\"spec\":{\"podSelector\":{\"matchLabels\":{\"pod\":\"b\"}}}}";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionIsCut(boolean tracked) throws Exception {
        Assumptions.assumeTrue(PacketBed.possible(), "needs root, nft and busybox");
        try (PacketBed bed = new PacketBed()) {
            if (tracked) { // as on every node, by the rules for Services; else it began before anything was tracked
                bed.tool().run("table ip t {\n chain c { type nat hook prerouting priority -100; ct state new accept; }\n}\n", "nft", "-f", "-");
            }
            Process server = bed.start("b", "busybox", "nc", "-l", "-p", "80");
            LinkedBlockingQueue<String> heard = lines(server);
            Process client = connected(bed);
            LinkedBlockingQueue<String> answers = lines(client);
            say(client, "one");
            assertEquals("one", heard.poll(5, TimeUnit.SECONDS));
            World world = new World();
            Script script = new Script();
            world.take(Worlds.policy(Worlds.pods(), DENY));
            bed.tool().run(script.to(world), "nft", "-f", "-");
            script.written(world);
            say(client, "two");
            say(server, "back");
            assertEquals(null, heard.poll(1, TimeUnit.SECONDS), "what the client says");
            assertEquals(null, answers.poll(), "what the server says");
            Pending gone = new Pending();
            gone.policies.put(new Key("x", "deny"), Optional.empty());
            world.take(gone);
            bed.tool().run(script.to(world), "nft", "-f", "-");
            assertEquals("two", heard.poll(10, TimeUnit.SECONDS), "TCP sends again");
            assertEquals("back", answers.poll(10, TimeUnit.SECONDS));
            client.destroyForcibly();
            server.destroyForcibly();
        }
    }

    /** Tries until the server listens. */
    private static Process connected(PacketBed bed) throws Exception {
        for (int i = 0; i < 50; i++) {
            Process p = bed.start("a", "busybox", "nc", PacketBed.FOUR.get("b"), "80");
            if (!p.waitFor(200, TimeUnit.MILLISECONDS)) {
                return p;
            }
        }
        throw new AssertionError("the server never listened");
    }

    private static void say(Process p, String line) throws Exception {
        OutputStream out = p.getOutputStream();
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        assertTrue(p.isAlive());
    }

    private static LinkedBlockingQueue<String> lines(Process p) {
        LinkedBlockingQueue<String> out = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    out.add(line);
                }
            } catch (IOException e) {
                out.add("closed"); // the test ends the process
            }
        });
        return out;
    }
}
