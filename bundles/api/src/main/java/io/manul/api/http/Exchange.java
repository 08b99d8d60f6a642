package io.manul.api.http;

import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One request, whole (the listener has read the body, at most {@value #MAX_BODY} bytes), and the way to answer it. Exactly
 * one of {@link #reply}, {@link #stream}, {@link #splice}, {@link #forward} is called.
 *
 * <p>Lives on the virtual thread that handles it.
 */
@ProviderType
public interface Exchange {

    /** Limit of a request body in bytes, as upstream's (3 MiB). */
    int MAX_BODY = 3 << 20;

    String method();

    /** Percent-decoded path without the query, beginning with '/'. */
    String path();

    /** Decoded query parameters, in order, each with all its values. */
    Map<String, List<String>> query();

    /** Path and query as received, for proxies. */
    String target();

    /** Header values by lower-case name. */
    Map<String, List<String>> headers();

    /** First value of a header, by lower-case name. */
    default Optional<String> header(String name) {
        List<String> all = headers().get(name);
        return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    /** First value of a query parameter. */
    default Optional<String> parameter(String name) {
        List<String> all = query().get(name);
        return all == null || all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    byte[] body();

    Peer peer();

    /** Sends the whole answer; does not wait for the client. Headers carry at least content-type when there is a body. */
    void reply(int status, Map<String, String> headers, byte[] body);

    /**
     * Begins the answer, or takes it over from a predecessor (then {@link ResumableStream#cursor} is present). A client that
     * asked for a WebSocket gets a stream of status 200 as one: JSON as a text message a line, anything else as binary
     * messages. The handler sees no difference.
     */
    ResumableStream stream(int status, Map<String, String> headers) throws Superseded;

    /**
     * Joins this HTTP/1.1 connection with a second one, byte by byte, in the listener: the request line (with
     * {@code target} in place of its own) and the headers are sent there, what comes back goes to the client unchanged.
     * No code of a bundle stands between them afterwards.
     *
     * @throws IllegalStateException over HTTP/2 or from inside this JVM, where there is no connection to join
     */
    void splice(SocketAddress address, String target);

    /**
     * Hands this exchange, authenticated and authorized, to another room's handler; this handler returns at once. The
     * other room sees {@code target} as its request and {@link Peer.Internal} as its peer, and owns the stream from then on.
     */
    void forward(String room, String target, Peer.Internal as);

    /** A side effect happened: this request is never run again on another version. */
    void touched();

    /** True when the client asked for a protocol upgrade over HTTP/1.1 (WebSocket, SPDY/3.1). */
    boolean upgrade();
}
