package io.manul.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manul.api.testing.TestPki;
import io.manul.api.testing.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both halves with a real broker, ours and Debian's mosquitto; ten heartbeats a second instead of one in ten. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeartbeatTest {

    private static final String SERVER = "system:serviceaccount:kube-system:manul-heartbeat";
    private static final String NODE = "system:node:cam-7";
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final TestPki PKI = new TestPki("cam-7");
    private static final Names NAMES = Names.of(PKI.serverCa());

    @TempDir
    Path folder;
    private final FakeClusters api = new FakeClusters().node("cam-7");
    private Brokers broker;
    private ServerHalf server;
    private NodeHalf node;

    private void broker(String kind) throws Exception {
        assumeTrue(kind.equals("ours") || Files.isExecutable(Brokers.Mosquitto.BINARY), "mosquitto is not installed");
        broker = Brokers.of(kind, PKI, folder);
    }

    private String endpoint() {
        return "ssl://127.0.0.1:" + broker.port();
    }

    private void startServer() {
        server = HeartbeatComponent.server(api, PKI, NAMES, endpoint(), "cam-7", InstantSource.system(), new Random(1)).start();
    }

    private void startNode(long epoch, InstantSource clock, boolean stopping) {
        NodeHalf.Life life = new NodeHalf.Life("cam-7", "boot", epoch, 0, "0.1.0");
        node = HeartbeatComponent.node(api, PKI, NAMES, endpoint(), life, EVERY, clock, new Random(2), () -> stopping).start();
    }

    @AfterEach
    void end() throws Exception {
        if (node != null) {
            node.close();
        }
        if (server != null) {
            server.close();
            assertEquals("", server.controller().health().message());
        }
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "mosquitto"})
    void heartbeatsKeepTheLease(String kind) throws Exception {
        broker(kind);
        broker.start();
        startServer();
        startNode(1, InstantSource.system(), false);
        Instant before = Instant.EPOCH;
        for (int i = 0; i < 5; i++) {
            Instant at = Instant.parse(api.writeOf(SERVER));
            assertTrue(at.isAfter(before), at + " after " + before);
            before = at;
        }
        assertTrue(Duration.between(before, Instant.now()).abs().toSeconds() < 5);
        assertEquals("cam-7", api.lease("cam-7").text("spec", "holderIdentity"));
        assertEquals(40, api.lease("cam-7").number("spec", "leaseDurationSeconds").orElse(0));
        assertEquals("uid-cam-7", api.lease("cam-7").objects("metadata", "ownerReferences").getFirst().text("uid"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "mosquitto"})
    void aSilentNodesLeaseIsLeftAloneAndRenewedAtOnceWhenItIsBack(String kind) throws Exception {
        broker(kind);
        broker.start();
        startServer();
        startNode(1, InstantSource.system(), false);
        api.writeOf(SERVER);
        node.close();
        while (!api.write(1000).isEmpty()) {
            // what was on its way
        }
        long at = System.nanoTime();
        startNode(2, InstantSource.system(), false);
        api.writeOf(SERVER);
        long millis = (System.nanoTime() - at) / 1_000_000;
        assertTrue(millis < 2000, millis + " ms until the Lease was renewed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "mosquitto"})
    void whoStopsOnPurposeIsNotKeptAlive(String kind) throws Exception {
        broker(kind);
        broker.start();
        startServer();
        startNode(1, InstantSource.system(), true);
        api.writeOf(SERVER);
        node.close();
        while (!api.write(1000).isEmpty()) {
            // what was on its way
        }
        // what the node sent before its goodbye, arriving late, changes nothing; a new life does
        server.message(NAMES.of("cam-7", "hb"), new Beat(0, 1, 2, 0, 0, Beat.READY).bytes());
        assertEquals("", api.write(300));
        server.message(NAMES.of("cam-7", "hb"), new Beat(0, 9, 1, 0, Instant.now().toEpochMilli(), Beat.READY).bytes());
        api.writeOf(SERVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ours", "mosquitto"})
    void withoutMqttTheNodeRenewsItsLeaseItself(String kind) throws Exception {
        broker(kind);
        startNode(1, InstantSource.system(), false); // no broker yet
        api.writeOf(NODE);
        api.writeOf(NODE);
        broker.start();
        // a broker, but nobody listens
        api.writeOf(NODE);
        startServer();
        api.writeOf(SERVER);
        settled();
        broker.close();
        api.writeOf(NODE);
        broker.start();
        api.writeOf(SERVER);
        settled();
    }

    /** The node leaves the Lease to the server's half: only its writes come. */
    private void settled() throws InterruptedException {
        int inTurn = 0;
        for (int i = 0; inTurn < 5; i++) {
            String w = api.write(5000);
            inTurn = w.startsWith(SERVER) ? inTurn + 1 : 0;
            assertTrue(i < 200, "both halves go on writing: " + w);
        }
    }

    @Test
    void theBrokersSwapIsBarelySeen() throws Exception {
        broker("ours");
        broker.start();
        startServer();
        startNode(1, InstantSource.system(), false);
        api.writeOf(SERVER);
        for (int i = 0; i < 5; i++) {
            long at = System.nanoTime();
            broker.restart();
            api.writes.clear();
            api.writeOf(SERVER);
            long millis = (System.nanoTime() - at) / 1_000_000;
            assertTrue(millis < 4000, millis + " ms without heartbeats");
        }
    }

    @Test
    void aLeaseWaitsForItsNode() throws Exception {
        FakeClusters empty = new FakeClusters();
        broker("ours");
        broker.start();
        server = HeartbeatComponent.server(empty, PKI, NAMES, endpoint(), "cam-7", InstantSource.system(), new Random(1)).start();
        server.message(NAMES.of("cam-7", "hb"), new Beat(0, 1, 1, 0, Instant.now().toEpochMilli(), Beat.READY).bytes());
        assertEquals("", empty.write(200));
        empty.node("cam-7");
        empty.writeOf(SERVER);
    }

    @Test
    void whenTheApiIsAwayTheNewestHeartbeatIsWrittenLater() throws Exception {
        broker("ours");
        broker.start();
        startServer();
        api.away(true);
        server.message(NAMES.of("cam-7", "hb"), new Beat(0, 1, 1, 0, Instant.now().toEpochMilli(), Beat.READY).bytes());
        assertEquals("", api.write(100));
        api.away(false);
        api.writeOf(SERVER);
    }

    @Test
    void aClockThatIsWrongIsToldOnce() throws Exception {
        broker("ours");
        broker.start();
        startServer();
        InstantSource wrong = () -> Instant.now().minusSeconds(3600);
        startNode(1, wrong, false);
        String told = api.events.poll(10, TimeUnit.SECONDS);
        assertTrue(told != null && told.matches("ClockSkew: The clock of node cam-7 is 3[56]\\d\\d s behind the server's"), told);
        api.writes.clear();
        for (int i = 0; i < 3; i++) {
            assertTrue(Duration.between(Instant.parse(api.writeOf(SERVER)), Instant.now()).toSeconds() < 5, "the Lease shows the server's clock");
        }
        assertEquals(null, api.events.poll());
    }

    @Test
    void nonsenseIsPassedOver() throws Exception {
        broker("ours");
        startServer();
        server.message(NAMES.of("cam-7", "hb"), new byte[3]);
        server.message(NAMES.of("cam-7", "death"), new byte[] {'x'});
        server.message(NAMES.of("cam-7", "death"), "{\"epoch\":\"zz\"}".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        server.message("kn/v1/other", new byte[0]);
        assertEquals("", api.write(100));
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', ssl://127.0.0.1:8883", "'', 1234, ssl://127.0.0.1:1234", "broker.example, '', ssl://broker.example:8883",
        "broker.example:99, '', ssl://broker.example:99", "10.0.0.1:99, 5, ssl://10.0.0.1:99", "[fd00::1]:99, '', ssl://[fd00::1]:99",
        "mqtt://x, '',", "x:70000, '',", "x:y, '',", "fd00::1, '',"
    })
    void theBrokersAddress(String external, String port, String expected) throws Exception {
        var settings = TestSettings.of("n", Map.of("mqtt-endpoint", external, "mqtt-listen-port", port));
        if (expected == null) {
            assertTrue(assertThrows(IOException.class, () -> HeartbeatComponent.endpoint(settings)).getMessage().contains("--mqtt-endpoint"));
        } else {
            assertEquals(expected, HeartbeatComponent.endpoint(settings));
        }
    }

    @Test
    void reconnectingIsSpread() {
        Random random = new Random(3);
        for (int failures = 0; failures < 20; failures++) {
            long most = 0;
            for (int i = 0; i < 2000; i++) {
                most = Math.max(most, Link.wait(failures, random).toMillis());
            }
            long bound = Math.min(30_000, 500L << Math.min(failures, 10));
            assertTrue(most <= bound && most > bound * 0.9, most + " of " + bound);
        }
    }
}
