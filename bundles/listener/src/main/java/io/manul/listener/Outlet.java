package io.manul.listener;

import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * The way out of one exchange, to one client: a bounded queue that never blocks. Called under its {@link Call}'s monitor;
 * may take a lock of its own, but never calls back while it is called.
 */
abstract class Outlet {

    /** Told, without any lock held, that {@link #full} may have become false. Set once, before the first call. */
    private Runnable roomy = () -> { };

    final void onRoom(Runnable told) {
        roomy = told;
    }

    final void tellRoom() {
        roomy.run();
    }

    /** What keeps a stream from this client, which asked for one in an impossible way; a whole answer is always possible. */
    Optional<Status> obstacle() {
        return Optional.empty();
    }

    /** A whole answer. */
    abstract void whole(int status, Map<String, String> headers, byte[] body);

    /** Begins an answer of unknown length. */
    abstract void begin(int status, Map<String, String> headers);

    abstract void write(byte[] chunk);

    abstract void end();

    /** The answer cannot be completed: the client must see that it is broken. */
    abstract void abort(String why);

    /** The client is gone: what is queued is dropped. */
    abstract void drop();

    /** True while a writer should wait. */
    abstract boolean full();

    /** True for an HTTP/1.1 connection, which can be joined with another one. */
    boolean joinable() {
        return false;
    }

    /** Joins the connection; only when {@link #joinable}. Returns at once. */
    void join(Request request, SocketAddress to) {
        throw new IllegalStateException("there is no HTTP/1.1 connection to join");
    }
}
