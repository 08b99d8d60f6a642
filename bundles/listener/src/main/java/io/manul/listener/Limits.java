package io.manul.listener;

import java.time.Duration;

/**
 * Bounds of what a client may do to a connection.
 *
 * @param idle        a connection without an exchange is closed after this
 * @param read        a request that has begun must be whole within this
 * @param connections open at once, over all TLS endpoints
 * @param stop        how long running exchanges may take when the server stops
 */
record Limits(Duration idle, Duration read, int connections, Duration stop) {

    static final Limits DEFAULT =
            new Limits(Duration.ofMinutes(5), Duration.ofSeconds(60), 4096, Duration.ofSeconds(3));

    /** Bytes of a request's head: line and headers together. */
    static final int HEAD = 64 << 10;
    /** Concurrent streams of one HTTP/2 connection. */
    static final int STREAMS = 1000;
    /** RST_STREAM frames in {@link #RESETS_SECONDS}: a client that cancels many watches must not lose the others. */
    static final int RESETS = 5000;
    static final int RESETS_SECONDS = 30;
}
