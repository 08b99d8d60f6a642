package io.manul.network.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": no query is refused, and one that is asked again is answered, while objects change. */
@Timeout(120)
class DnsSwapTest {

    private static final int SWAPS = 15;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();

    @Test
    void noQueryIsRefused() throws Exception {
        try (DnsBed bed = new DnsBed(Map.of("resolv-conf", "/nowhere"))) {
            bed.room.end();
            int port = free();
            ClusterDns[] two = {bed.room(Map.of("resolv-conf", "/nowhere"), port), bed.room(Map.of("resolv-conf", "/nowhere"), port)};
            Client client = new Client(new InetSocketAddress(InetAddress.ofLiteral(DnsBed.ADDRESS), port));
            two[0].begin(new byte[0]);
            bed.service("web", DnsBed.web());
            String first = "web.default.svc.cluster.local";
            bed.api.await("the first name", () -> client.ask("A", first).startsWith("NOERROR 10.43."));
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(Thread.ofVirtual().name("client-" + i).start(() -> ask(port, first, over)));
            }
            for (int i = 0; i < SWAPS; i++) {
                ClusterDns old = two[i % 2];
                ClusterDns next = two[(i + 1) % 2];
                assertTrue(next.ready());
                byte[] state = old.end();
                assertEquals(0, Threads.named("network-dns"), "threads left by turn " + i);
                next.begin(state);
                bed.service("new-" + i, DnsBed.web());
                int before = answered.get();
                bed.api.await("a hundred more answers", () -> answered.get() > before + 100);
                String name = "new-" + i + ".default.svc.cluster.local";
                bed.api.await(name, () -> client.ask("A", name).startsWith("NOERROR 10.43."));
                assertEquals(0, next.health().failures());
            }
            over.set(true);
            for (Thread t : clients) {
                t.join();
            }
            two[SWAPS % 2].end();
            System.out.println("Over " + SWAPS + " swaps answered=" + answered + " lost=" + lost + " refused=" + refused + " wrong=" + wrong);
            assertEquals(0, refused.get());
            assertEquals(0, wrong.get());
            assertTrue(lost.get() <= 2 * SWAPS, "lost " + lost);
            assertTrue(answered.get() > 1000);
        }
    }

    private static int free() throws Exception {
        try (DatagramSocket s = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(DnsBed.ADDRESS), 0))) {
            return s.getLocalPort();
        }
    }

    /** As a resolver: a second try after half a second. */
    private void ask(int port, String name, AtomicBoolean over) {
        Patient client = new Patient(new InetSocketAddress(InetAddress.ofLiteral(DnsBed.ADDRESS), port), 500);
        while (!over.get()) {
            for (int turn = 0; turn < 2; turn++) {
                try {
                    String answer = client.ask(name);
                    (answer.startsWith("NOERROR 10.43.") ? answered : wrong).incrementAndGet();
                    break;
                } catch (SocketTimeoutException e) {
                    (turn == 0 ? lost : wrong).incrementAndGet();
                } catch (PortUnreachableException e) {
                    refused.incrementAndGet();
                    break;
                } catch (Exception e) {
                    wrong.incrementAndGet();
                    break;
                }
            }
        }
    }

    private record Patient(InetSocketAddress server, int millis) {
        String ask(String name) throws Exception {
            return Client.text(new Client(server, millis).udp("A", name, java.util.Optional.empty()));
        }
    }
}
