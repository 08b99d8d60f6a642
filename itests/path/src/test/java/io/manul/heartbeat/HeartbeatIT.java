package io.manul.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.itests.Await;
import io.manul.itests.Command;
import io.manul.itests.ManulServer;
import io.manul.json.Obj;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A device's heartbeats reach a server by its own broker and by Debian's mosquitto; both clusters at once. Needs root. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HeartbeatIT {

    private static final String NODE = "cam-7";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(50);
    private static final int PORT = 8883;

    /** A server with its broker. @param process null: the embedded one */
    private record Site(String broker, ManulServer server, Device device, Process process) {
    }

    private static Site ours;
    private static Site mosquitto;
    /** What was started, the latest first. */
    private static final Deque<AutoCloseable> STARTED = new ArrayDeque<>();

    private static <C extends AutoCloseable> C started(C what) {
        STARTED.push(what);
        return what;
    }

    @BeforeAll
    static void start() throws Exception {
        ManulServer one = started(new ManulServer("beat", 21)).start();
        ours = new Site("embedded", one, started(new Device(one, NODE, "ssl://" + one.space().address() + ":" + PORT)), null);

        ManulServer two = started(new ManulServer("mosq", 22, "--mqtt-endpoint", "10.211.22.2:" + PORT)).start();
        Path folder = Files.createTempDirectory("manul-mosquitto-"); // not below the server's, which is closed to mosquitto
        Command.run(Path.of(System.getProperty("manul.checkout"), "docs/examples/mosquitto.sh").toString(), two.data().toString(), folder.toString(),
                two.space().address(), String.valueOf(PORT), NODE, "it").orFail();
        Process process = new ProcessBuilder(two.space().inside("/usr/sbin/mosquitto", "-c", folder.resolve("mosquitto.conf").toString())).inheritIO().start();
        started(() -> {
            process.destroy();
            process.waitFor();
            Command.run("rm", "-r", folder.toString()).orFail();
        });
        mosquitto = new Site("mosquitto", two, started(new Device(two, NODE, "ssl://" + two.space().address() + ":" + PORT)), process);
    }

    @AfterAll
    static void stop() throws Exception {
        while (!STARTED.isEmpty()) {
            STARTED.pop().close();
        }
    }

    private static List<Site> sites() {
        return List.of(ours, mosquitto);
    }

    /** {@code Ready=STATUS} */
    private static String ready(Site s) throws Exception {
        return "Ready=" + s.server.kubectl("get", "node", NODE, "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}").out();
    }

    private static Instant renewed(Site s, String node) throws Exception {
        Obj lease = s.server.json("-n", "kube-node-lease", "get", "lease", node);
        return Instant.parse(lease.text("spec", "renewTime"));
    }

    private static void becomesReady(Site s) throws Exception {
        Await.until(LIMIT, "a Ready device by " + s.broker, () -> ready(s).equals("Ready=True") ? "" : ready(s));
    }

    private static void renewedAfter(Site s, String node, Instant before) throws Exception {
        Await.until(LIMIT, "a renewed Lease of " + node + " by " + s.broker, () -> renewed(s, node).isAfter(before) ? "" : renewed(s, node).toString());
    }

    @Test
    @Order(1)
    void heartbeatsRenewTheLeaseOfTheServersNodeAndOfADevice() throws Exception {
        for (Site s : sites()) {
            s.device.start();
            becomesReady(s);
            for (String node : List.of("it", NODE)) {
                Await.until(LIMIT, "a Lease of " + node, () -> s.server.kubectl("-n", "kube-node-lease", "get", "lease", node).code() == 0 ? "" : "none");
                renewedAfter(s, node, renewed(s, node));
            }
            assertTrue(s.device.sent() > 0, "nothing went by MQTT");
        }
    }

    @Test
    @Order(2)
    void aSilentDeviceIsNotReadyAfterTheGraceAndReadyAtOnceWhenItIsBack() throws Exception {
        Instant off = Instant.now();
        sites().forEach(s -> s.device.stop());
        for (Site s : sites()) {
            Await.until(GRACE.multipliedBy(2), "NotReady by " + s.broker, () -> ready(s).equals("Ready=Unknown") ? "" : ready(s));
            Duration took = Duration.between(off, Instant.now());
            assertTrue(took.compareTo(GRACE.minusSeconds(11)) > 0, s.broker + ": NotReady after " + took);
            Obj node = s.server.json("get", "node", NODE);
            assertTrue(node.objects("spec", "taints").stream().anyMatch(t -> t.text("key").equals("node.kubernetes.io/unreachable")), node.toString());
            System.out.printf("%s: NotReady %d s after the last heartbeat could come%n", s.broker, took.toSeconds());
        }
        for (Site s : sites()) {
            Instant on = Instant.now();
            s.device.start();
            becomesReady(s);
            System.out.printf("%s: Ready %d ms after its start%n", s.broker, Duration.between(on, Instant.now()).toMillis());
        }
    }

    @Test
    @Order(3)
    void withoutTheBrokerTheLeaseIsRenewedOverHttps() throws Exception {
        mosquitto.process.destroy();
        mosquitto.process.waitFor();
        Instant away = Instant.now();
        for (String node : List.of("it", NODE)) {
            renewedAfter(mosquitto, node, away);
        }
        assertEquals("Ready=True", ready(mosquitto));
    }
}
