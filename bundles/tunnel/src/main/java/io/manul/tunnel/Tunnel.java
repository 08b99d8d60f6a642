package io.manul.tunnel;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One end of a tunnel. A reader and a watchdog, each a virtual thread of its own: when nothing comes for {@link #SILENCE}, be it
 * that the reader waits or that a writer is stuck, the watchdog cuts the connection below, and every stream ends at once. Safe
 * from any thread.
 */
public final class Tunnel implements AutoCloseable {

    /** How often this end asks whether the other is there. */
    public static final Duration PING = Duration.ofSeconds(10);
    /** Without a byte from the other end for so long the tunnel is dead. */
    public static final Duration SILENCE = Duration.ofSeconds(25);
    private static final int MOST_STREAMS = 256;

    /** Where a stream that the other end opens is connected to; empty: refused. */
    public interface Dial {
        Optional<SocketChannel> to(String room) throws IOException;
    }

    private final Wire wire;
    private final Dial dial;
    private final Duration ping;
    private final Duration silence;
    private final DataOutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<Integer, Flow> flows = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile long heard = System.nanoTime();
    private volatile String why = "";
    private volatile Thread watchdog;

    public Tunnel(Wire wire, Dial dial) {
        this(wire, dial, PING, SILENCE);
    }

    Tunnel(Wire wire, Dial dial, Duration ping, Duration silence) {
        this.wire = wire;
        this.dial = dial;
        this.ping = ping;
        this.silence = silence;
        this.out = new DataOutputStream(new BufferedOutputStream(wire.out(), Frame.MOST + 16));
    }

    /** Begins to read; returns at once. */
    public Tunnel start() {
        heard = System.nanoTime();
        watchdog = Thread.ofVirtual().name("tunnel-watchdog").start(this::watch);
        Thread.ofVirtual().name("tunnel-reader").start(this::read);
        return this;
    }

    private void read() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(wire.in(), 16 << 10))) {
            for (;;) {
                Frame f = Frame.read(in);
                heard = System.nanoTime();
                take(f);
            }
        } catch (IOException e) {
            end(e.getMessage() == null ? "the other end closed it" : e.getMessage());
        }
    }

    private void take(Frame f) throws IOException {
        switch (f.kind()) {
            case OPEN -> opened(f);
            case PING -> Thread.ofVirtual().name("tunnel-pong").start(() -> sendOrEnd(new Frame(Frame.Kind.PONG, 0)));
            case PONG -> { }
            default -> {
                Flow flow = flows.get(f.stream());
                if (flow != null) { // else it ended here meanwhile
                    flow.take(f);
                }
            }
        }
    }

    private void opened(Frame f) throws IOException {
        int id = f.stream();
        if (flows.size() >= MOST_STREAMS || id == 0 || flows.containsKey(id)) {
            throw new IOException("the other end opened stream " + id + " beside " + flows.size() + " others");
        }
        String room = new String(f.payload(), java.nio.charset.StandardCharsets.UTF_8);
        Flow flow = new Flow(this, id);
        flows.put(id, flow);
        Thread.ofVirtual().name("tunnel-dial").start(() -> {
            try {
                Optional<SocketChannel> to = dial.to(room);
                if (to.isPresent()) {
                    flow.join(to.get());
                } else {
                    flow.reset("nobody answers for \"" + room + "\" here");
                }
            } catch (IOException e) {
                flow.reset("\"" + room + "\" is not reached: " + e.getMessage());
            }
        });
    }

    /** Joins a connection with a new stream to the other end's room; returns at once. The connection is closed with the stream. */
    public void join(SocketChannel connection, String room) throws IOException {
        if (flows.size() >= MOST_STREAMS) {
            throw new IOException("more than " + MOST_STREAMS + " connections through one tunnel");
        }
        int id = last.updateAndGet(n -> n == Integer.MAX_VALUE ? 1 : n + 1);
        Flow flow = new Flow(this, id);
        flows.put(id, flow);
        if (over.getCount() == 0) {
            flows.remove(id);
            throw new IOException("the tunnel is gone: " + why);
        }
        send(new Frame(Frame.Kind.OPEN, id, room.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        flow.join(connection);
    }

    void send(Frame f) throws IOException {
        writing.lock();
        try {
            f.write(out);
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    void sendOrEnd(Frame f) {
        try {
            send(f);
        } catch (IOException e) {
            end(e.getMessage());
        }
    }

    void forget(int stream) {
        flows.remove(stream);
    }

    private void watch() {
        try {
            while (!over.await(ping.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS)) {
                if (System.nanoTime() - heard > silence.toNanos()) {
                    end("nothing was heard for " + silence.toSeconds() + " s");
                    return;
                }
                // never here: a stuck peer would hold up the watchdog with the writers
                Thread.ofVirtual().name("tunnel-ping").start(() -> sendOrEnd(new Frame(Frame.Kind.PING, 0)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(String reason) {
        synchronized (over) {
            if (over.getCount() == 0) {
                return;
            }
            why = String.valueOf(reason);
            over.countDown();
        }
        wire.cut();
        flows.values().forEach(Flow::ended);
        flows.clear();
        Thread w = watchdog;
        if (w != null && w != Thread.currentThread()) {
            w.interrupt();
        }
    }

    /** Waits for the end. @return why it ended */
    public String await() throws InterruptedException {
        over.await();
        return why;
    }

    public boolean ended() {
        return over.getCount() == 0;
    }

    /** Streams that are open now. */
    public int streams() {
        return flows.size();
    }

    @Override
    public void close() {
        end("closed here");
    }

    static ByteBuffer buffer() {
        return ByteBuffer.allocate(16 << 10);
    }
}
