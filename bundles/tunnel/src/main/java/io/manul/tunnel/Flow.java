package io.manul.tunnel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * One stream of a tunnel and the local connection that it is joined with: a thread for each direction. The monitor guards what
 * has come and not been written, and the credit: at most {@link #WINDOW} bytes wait here, so that a slow reader holds up its own
 * stream and no other.
 */
final class Flow {

    static final int WINDOW = 256 << 10;

    private final Tunnel tunnel;
    private final int id;
    private final Deque<byte[]> come = new ArrayDeque<>();
    private int waiting;
    private long credit = WINDOW;
    private boolean endCame;
    private boolean inDone;
    private boolean outDone;
    private boolean over;
    private SocketChannel local;

    Flow(Tunnel tunnel, int id) {
        this.tunnel = tunnel;
        this.id = id;
    }

    void join(SocketChannel connection) throws IOException {
        synchronized (this) {
            if (over) {
                connection.close();
                return;
            }
            local = connection;
        }
        Thread.ofVirtual().name("tunnel-out").start(this::outward);
        Thread.ofVirtual().name("tunnel-in").start(this::inward);
    }

    // ---- from the tunnel's reader: never waits

    synchronized void take(Frame f) throws IOException {
        switch (f.kind()) {
            case DATA -> {
                waiting += f.payload().length;
                if (waiting > WINDOW) {
                    throw new IOException("the other end sends more than it may on stream " + id);
                }
                come.add(f.payload());
            }
            case CREDIT -> credit = Math.min(WINDOW, credit + Math.max(0, f.number()));
            case END -> endCame = true;
            default -> refused(f);
        }
        notifyAll();
    }

    private void refused(Frame f) {
        org.slf4j.LoggerFactory.getLogger(Flow.class).debug("A tunnelled connection was reset why={}", new String(f.payload(), StandardCharsets.UTF_8));
        ended();
    }

    /** The tunnel or the other end has ended it. */
    void ended() {
        SocketChannel connection;
        synchronized (this) {
            over = true;
            connection = local;
            notifyAll();
        }
        tunnel.forget(id);
        close(connection);
    }

    void reset(String reason) {
        ended();
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        tunnel.sendOrEnd(new Frame(Frame.Kind.RESET, id, Arrays.copyOf(text, Math.min(text.length, 512))));
    }

    private static void close(SocketChannel connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                org.slf4j.LoggerFactory.getLogger(Flow.class).debug("A tunnelled connection did not close well: {}", e.toString());
            }
        }
    }

    // ---- this side to the other

    private void outward() {
        ByteBuffer buffer = Tunnel.buffer();
        try {
            for (;;) {
                int most = awaitCredit(buffer.capacity());
                buffer.clear().limit(most);
                int n = local.read(buffer);
                if (n < 0) {
                    tunnel.send(new Frame(Frame.Kind.END, id));
                    half(false);
                    return;
                }
                synchronized (this) {
                    credit -= n;
                }
                tunnel.send(new Frame(Frame.Kind.DATA, id, Arrays.copyOf(buffer.array(), n)));
            }
        } catch (IOException e) {
            broken(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int awaitCredit(int most) throws InterruptedException, IOException {
        while (credit <= 0 && !over) {
            wait();
        }
        if (over) {
            throw new IOException("the stream is over");
        }
        return (int) Math.min(most, credit);
    }

    // ---- the other side to this one

    private void inward() {
        try {
            for (byte[] next = next(); next.length > 0; next = next()) {
                ByteBuffer bytes = ByteBuffer.wrap(next);
                while (bytes.hasRemaining()) {
                    local.write(bytes);
                }
                synchronized (this) {
                    waiting -= next.length;
                }
                tunnel.send(Frame.credit(id, next.length));
            }
            local.shutdownOutput();
            half(true);
        } catch (IOException e) {
            broken(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty: no more comes. */
    private synchronized byte[] next() throws InterruptedException, IOException {
        while (come.isEmpty() && !endCame && !over) {
            wait();
        }
        if (over) {
            throw new IOException("the stream is over");
        }
        return come.isEmpty() ? new byte[0] : come.poll();
    }

    private void half(boolean inward) {
        boolean both;
        synchronized (this) {
            inDone |= inward;
            outDone |= !inward;
            both = inDone && outDone;
        }
        if (both) {
            ended();
        }
    }

    private void broken(IOException e) {
        boolean told;
        synchronized (this) {
            told = over;
        }
        if (!told) {
            reset(String.valueOf(e.getMessage()));
        }
    }
}
