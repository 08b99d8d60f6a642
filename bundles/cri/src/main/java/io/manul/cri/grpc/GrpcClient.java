package io.manul.cri.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.manul.cri.CriException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Calls methods of the one gRPC server behind a Unix socket. The connection is opened by the first call and again whenever it
 * was lost; a call waits a few seconds for a server that is not there yet. Blocks; interrupting cancels. Safe from any thread.
 */
public final class GrpcClient implements AutoCloseable {

    /** No deadline. */
    public static final Duration FOREVER = Duration.ZERO;

    /** containerd's answer (code UNKNOWN) while its socket is open and its CRI plug-in still loads: nothing was done. */
    private static final String LOADING = "server is not initialized yet";
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LAST_PAUSE_MILLIS = 250;

    private final Path socket;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Call> streams = ConcurrentHashMap.newKeySet();
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    /** The next three are guarded by the lock. */
    private EventLoopGroup loop;
    private Connection current;
    private boolean closed;
    /** Of the current loop. */
    private volatile Thread thread;

    /** @param patience how long a call waits for a server that does not accept connections */
    public GrpcClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /** One request, one answer. @param method {@code /package.Service/Method}; @param deadline zero: none */
    public <R extends MessageLite> R unary(String method, MessageLite request, Parser<R> parser, Duration deadline)
            throws CriException, InterruptedException {
        return unary(method, request, parser, deadline, patience);
    }

    public <R extends MessageLite> R unary(String method, MessageLite request, Parser<R> parser, Duration deadline,
            Duration patient) throws CriException, InterruptedException {
        long patienceEnd = System.nanoTime() + patient.toNanos();
        for (long pause = FIRST_PAUSE_MILLIS;; pause = Math.min(2 * pause, LAST_PAUSE_MILLIS)) {
            try {
                return once(method, request, parser, deadline, patient);
            } catch (CriException e) {
                if (!String.valueOf(e.getMessage()).endsWith(LOADING) || System.nanoTime() >= patienceEnd) {
                    throw e;
                }
            }
            Thread.sleep(pause);
        }
    }

    private <R extends MessageLite> R once(String method, MessageLite request, Parser<R> parser, Duration deadline, Duration patient)
            throws CriException, InterruptedException {
        long end = deadline.isZero() ? Long.MAX_VALUE : System.nanoTime() + deadline.toNanos();
        Call call = new Call();
        calls.add(call);
        try {
            begin(call, method, request, end, patient);
            Object answer = take(call, method, end);
            Object status = answer instanceof Status ? answer : take(call, method, end);
            if (!(status instanceof Status last)) {
                call.cancel(new Status(CriException.Code.INTERNAL, "more than one answer"));
                throw new CriException(CriException.Code.INTERNAL, method + ": more than one answer");
            }
            if (!last.ok()) {
                throw last.exception(method);
            }
            if (!(answer instanceof byte[] message)) {
                throw new CriException(CriException.Code.INTERNAL, method + ": status OK without an answer");
            }
            return parsed(method, parser, message);
        } finally {
            call.cancel(new Status(CriException.Code.CANCELLED, "the caller gave up")); // no effect after its end
            calls.remove(call);
        }
    }

    /** One request, many answers, each handed to the sink on this thread. Returns when the server ends the stream well. */
    public <R extends MessageLite> void stream(String method, MessageLite request, Parser<R> parser, Consumer<R> sink)
            throws CriException, InterruptedException {
        Call call = new Call();
        streams.add(call);
        try {
            begin(call, method, request, Long.MAX_VALUE, patience);
            for (;;) {
                switch (take(call, method, Long.MAX_VALUE)) {
                    case byte[] message -> sink.accept(parsed(method, parser, message));
                    case Status status when status.ok() -> {
                        return;
                    }
                    case Status status -> throw status.exception(method);
                    default -> throw new IllegalStateException("neither message nor status");
                }
            }
        } finally {
            call.cancel(new Status(CriException.Code.CANCELLED, "the caller gave up"));
            streams.remove(call);
        }
    }

    private static <R> R parsed(String method, Parser<R> parser, byte[] message) throws CriException {
        try {
            return parser.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new CriException(CriException.Code.INTERNAL, method + ": the answer cannot be read: " + e.getMessage());
        }
    }

    private static Object take(Call call, String method, long end) throws CriException, InterruptedException {
        Object next = call.next(end == Long.MAX_VALUE ? end : Math.max(0, end - System.nanoTime()));
        if (next == null) {
            throw new Status(CriException.Code.DEADLINE_EXCEEDED, "no answer in time").exception(method);
        }
        return next;
    }

    /** Sends the request; what was not sent at all is tried on a new connection while the patience lasts. */
    private void begin(Call call, String method, MessageLite request, long end, Duration patient)
            throws CriException, InterruptedException {
        byte[] bytes = request.toByteArray();
        if (bytes.length > MessageReader.LIMIT_BYTES) {
            throw new CriException(CriException.Code.RESOURCE_EXHAUSTED, method + ": the request has " + bytes.length
                    + " bytes, the limit is " + MessageReader.LIMIT_BYTES);
        }
        long patienceEnd = System.nanoTime() + patient.toNanos();
        for (long pause = FIRST_PAUSE_MILLIS;; pause = Math.min(2 * pause, LAST_PAUSE_MILLIS)) {
            try {
                long left = end == Long.MAX_VALUE ? 0 : Math.max(1, (end - System.nanoTime()) / 1_000_000);
                connection().begin(call, method, bytes, left);
                return;
            } catch (IOException e) {
                giveUpAfter(patienceEnd, end, method, "no connection to " + e.getMessage());
            } catch (CriException e) {
                giveUpAfter(patienceEnd, end, method, e.getMessage());
            }
            Thread.sleep(pause);
        }
    }

    private void giveUpAfter(long patienceEnd, long end, String method, String why) throws CriException {
        long now = System.nanoTime();
        if (isClosed() || now - patienceEnd >= 0 || end != Long.MAX_VALUE && now - end >= 0) {
            throw new Status(CriException.Code.UNAVAILABLE, why).exception(method);
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private Connection connection() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new IOException(socket + ": this client is closed");
            }
            if (current == null || !current.usable()) {
                if (loop == null) {
                    loop = new MultiThreadIoEventLoopGroup(1, this::thread, NioIoHandler.newFactory());
                }
                current = Connection.open(socket, loop);
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** The event loop asks for its one thread when it first has work. */
    private Thread thread(Runnable work) {
        thread = Thread.ofPlatform().daemon().name("manul-cri-io").unstarted(work);
        return thread;
    }

    /** Blocks until the connection that the last call used is gone; returns at once when there is none. */
    public void awaitLoss() throws InterruptedException {
        Connection held;
        lock.lockInterruptibly();
        try {
            held = current;
        } finally {
            lock.unlock();
        }
        if (held != null && held.usable()) {
            held.awaitLoss();
        }
    }

    /**
     * Gives back the connection and the thread. Streams break at once; other calls get the given time, then they end
     * UNAVAILABLE. A later call opens everything anew.
     */
    public void release(Duration wait) throws InterruptedException {
        Status ended = new Status(CriException.Code.UNAVAILABLE, "this version of the room ends; the next one answers");
        streams.forEach(call -> call.cancel(ended));
        long end = System.nanoTime() + wait.toNanos();
        while (!calls.isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(5);
        }
        calls.forEach(call -> call.cancel(ended));
        letGo();
    }

    private void letGo() {
        EventLoopGroup old;
        Thread last = thread;
        lock.lock();
        try {
            if (current != null) {
                current.close();
            }
            current = null;
            old = loop;
            loop = null;
        } finally {
            lock.unlock();
        }
        if (old != null) {
            old.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
            join(last);
        }
    }

    /** The loop is said to have ended a moment before its thread has. */
    private static void join(Thread last) {
        try {
            if (last != null) {
                last.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For good: later calls are UNAVAILABLE. */
    @Override
    public void close() {
        lock.lock();
        closed = true;
        lock.unlock();
        Status ended = new Status(CriException.Code.UNAVAILABLE, "the container runtime's room was stopped");
        streams.forEach(call -> call.cancel(ended));
        calls.forEach(call -> call.cancel(ended));
        letGo();
    }
}
