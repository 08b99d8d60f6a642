package io.manul.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.pki.Pki.Identity;
import io.manul.api.testing.TestPki;
import io.manul.api.testing.Threads;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that hangs up, as one does that is being replaced: no thread of a connection outlives it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkTest {

    private static final TestPki PKI = new TestPki("cam-7");
    private static final int CONNECTIONS = 20;
    @TempDir
    Path folder;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Link.Listener listener = new Link.Listener() {
        @Override
        public void connected() {
            told.add("connected");
        }

        @Override
        public void message(String topic, byte[] payload) {
            told.add(topic);
        }

        @Override
        public void lost() {
            told.add("lost");
        }
    };

    /** @param bytes how much of the client's CONNECT is read before the line is cut */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void noThreadOutlivesABrokerThatHangsUp(int bytes) throws Exception {
        String client = "hung-up-" + bytes;
        CountDownLatch seen = new CountDownLatch(CONNECTIONS);
        Identity serving = PKI.serving("mqtt", "mqtt", List.of("localhost"), List.of(InetAddress.ofLiteral("127.0.0.1")));
        try (SSLServerSocket broker = (SSLServerSocket) Tls.context(serving, PKI.clientCa()).getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread accepting = Thread.ofVirtual().start(() -> hangUp(broker, bytes, seen));
            Link link = link(client, broker.getLocalPort()).start();
            try {
                assertTrue(seen.await(50, TimeUnit.SECONDS), () -> "connections still to come: " + seen.getCount());
            } finally {
                link.close();
            }
            broker.close();
            accepting.join();
        }
        assertEquals(List.of(), told);
        assertEquals(List.of(), paho(client));
    }

    @Test
    void aConnectionThatIsClosedWhileItBeginsEnds() throws Exception {
        String client = "system:manul:heartbeat/late";
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (Brokers broker = Brokers.of("ours", PKI, folder)) {
            broker.start();
            Link link = new Link(plan(client, broker.port(), () -> {
                asked.countDown();
                uninterrupted(answer); // making a key takes its time, and no interrupt shortens it
                return PKI.client("mqtt-heartbeat", "system:manul:heartbeat", List.of("system:manul"));
            }), listener, soon()).start();
            asked.await();
            Thread closing = Thread.ofVirtual().start(link::close);
            while (closing.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait(); // until close() has asked for the end and waits for it
            }
            answer.countDown();
            assertTrue(closing.join(Duration.ofSeconds(10)), "close() still waits");
            assertEquals(List.of(), told);
            assertEquals(List.of(), paho(client));
        }
    }

    private static void uninterrupted(CountDownLatch latch) {
        boolean away = false;
        while (!away) {
            try {
                latch.await();
                away = true;
            } catch (InterruptedException e) {
                Thread.onSpinWait(); // taken, as Paho takes it
            }
        }
    }

    private Link link(String client, int port) {
        return new Link(plan(client, port, () -> PKI.client("c", "c", List.of())), listener, soon());
    }

    private static Link.Plan plan(String client, int port, Supplier<Identity> identity) {
        return new Link.Plan("ssl://127.0.0.1:" + port, client, identity, PKI.serverCa(), ServerHalf.will(Names.of(PKI.serverCa())), 1, List.of());
    }

    /** Reconnects at once. */
    private static RandomGenerator soon() {
        return () -> 0;
    }

    private static void hangUp(SSLServerSocket broker, int bytes, CountDownLatch seen) {
        while (!broker.isClosed()) {
            try (SSLSocket s = (SSLSocket) broker.accept()) {
                s.startHandshake();
                s.getInputStream().readNBytes(bytes);
                seen.countDown();
            } catch (IOException e) {
                Thread.onSpinWait(); // the client went first; only whole handshakes count
            }
        }
    }

    /** Paho's threads of a client, and those of the link itself. */
    private static List<String> paho(String client) {
        return Threads.names().stream().filter(n -> n.contains(client)).toList();
    }
}
