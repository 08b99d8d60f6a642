package io.manul.network.dns;

import io.manul.network.dns.wire.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * UDP and TCP at the cluster DNS address. Opened with SO_REUSEPORT before they are served, so that the next version's are there
 * before the last one's close: what comes meanwhile waits in them.
 */
final class Sockets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final int MOST_WAITING = 1000;
    private static final int MOST_CONNECTIONS = 256;
    private static final int IDLE_MILLIS = 10_000;
    private static final int BUFFER = 1 << 18;
    private static final int DRAIN_MILLIS = 300;

    private final DatagramChannel udp;
    private final ServerSocketChannel tcp;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("network-dns-", 0).factory());
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Selector selector;
    private Thread reader;
    private volatile boolean closed;

    /** @throws IOException also when the address is not there */
    Sockets(InetSocketAddress address) throws IOException {
        udp = DatagramChannel.open(address.getAddress() instanceof java.net.Inet6Address
                ? java.net.StandardProtocolFamily.INET6 : java.net.StandardProtocolFamily.INET);
        try {
            udp.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            udp.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            udp.bind(address);
            tcp = ServerSocketChannel.open();
            try {
                tcp.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                tcp.bind(udp.getLocalAddress(), 128);
                selector = Selector.open();
            } catch (IOException e) {
                tcp.close();
                throw e;
            }
        } catch (IOException e) {
            udp.close();
            throw e;
        }
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) udp.getLocalAddress();
    }

    /** @param first waited for before the first query is looked at */
    void serve(Responder responder, Runnable first) {
        reader = Thread.ofVirtual().name("network-dns-reader").start(() -> {
            first.run();
            try {
                read(responder);
            } catch (IOException e) {
                LOG.error("Names are not answered any more why={}", e.toString());
            }
        });
    }

    private void read(Responder responder) throws IOException {
        udp.configureBlocking(false);
        tcp.configureBlocking(false);
        udp.register(selector, SelectionKey.OP_READ);
        tcp.register(selector, SelectionKey.OP_ACCEPT);
        ByteBuffer in = ByteBuffer.allocate(4096);
        while (!closed) {
            accept(responder);
            datagrams(responder, in);
            selector.select(key -> { });
        }
        selector.close(); // else the sockets stay open behind their channels
        accept(responder);
        datagrams(responder, in);
        udp.close();
        tcp.close();
    }

    private void datagrams(Responder responder, ByteBuffer in) {
        try {
            for (SocketAddress from = udp.receive(in.clear()); from != null; from = udp.receive(in.clear())) {
                datagram(responder, in.array(), in.position(), from);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("A query was lost why={}", e.toString());
        }
    }

    private void datagram(Responder responder, byte[] in, int length, SocketAddress from) throws IOException {
        Responder.Turn turn = responder.now(in, length, true);
        if (turn.answer() != null) {
            udp.send(ByteBuffer.wrap(turn.answer()), from);
        } else if (turn.later() != null && waiting.tryAcquire()) { // else: the client asks again
            threads.execute(() -> {
                try {
                    udp.send(ByteBuffer.wrap(responder.waiting(turn.later(), true)), from);
                } catch (ClosedChannelException e) {
                    LOG.debug("Closed before an answer came client={}", from);
                } catch (IOException e) {
                    LOG.debug("An answer was not sent client={} why={}", from, e.toString());
                } finally {
                    waiting.release();
                }
            });
        }
    }

    private void accept(Responder responder) {
        try {
            for (SocketChannel connection = tcp.accept(); connection != null; connection = tcp.accept()) {
                if (connections.size() >= MOST_CONNECTIONS) {
                    connection.close();
                } else {
                    SocketChannel taken = connection;
                    connections.add(taken);
                    threads.execute(() -> connection(responder, taken));
                }
            }
        } catch (IOException e) {
            LOG.warn("A connection was not taken why={}", e.toString());
            pause();
        }
    }

    /** Out of file descriptors, say: others must let go first. */
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connection(Responder responder, SocketChannel connection) {
        try (connection) {
            connection.socket().setSoTimeout(IDLE_MILLIS);
            var in = new java.io.DataInputStream(connection.socket().getInputStream());
            var out = connection.socket().getOutputStream();
            for (boolean more = true; more; more = !closed) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                Responder.Turn turn = responder.now(query, query.length, false);
                Message later = turn.later();
                byte[] answer = later != null ? responder.waiting(later, false) : turn.answer();
                if (answer == null) {
                    return;
                }
                byte[] framed = new byte[answer.length + 2];
                framed[0] = (byte) (answer.length >> 8);
                framed[1] = (byte) answer.length;
                System.arraycopy(answer, 0, framed, 2, answer.length);
                out.write(framed);
            }
        } catch (IOException e) {
            LOG.trace("A connection ended why={}", e.toString()); // its end, or idle for too long
        } finally {
            connections.remove(connection);
        }
    }

    /** What is being answered gets a moment; then everything is closed and joined. */
    @Override
    public void close() {
        try {
            boolean quiet = waiting.tryAcquire(MOST_WAITING, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
            LOG.debug("Closing quiet={}", quiet);
            closed = true;
            selector.wakeup();
            if (reader != null && !reader.join(Duration.ofSeconds(1))) {
                reader.interrupt();
                reader.join(Duration.ofSeconds(1));
            }
            udp.close();
            tcp.close();
            selector.close();
            for (SocketChannel c : connections) {
                c.close();
            }
            threads.shutdownNow();
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("Queries are still being answered after 2 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("A socket was not closed why={}", e.toString());
        }
    }
}
