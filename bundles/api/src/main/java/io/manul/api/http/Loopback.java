package io.manul.api.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Calls from one room to another's handler inside this JVM, through the same gate and with the same swap rules as a
 * connection from outside, without a socket. Implemented by the listener.
 */
@ProviderType
public interface Loopback {

    /** @param target path and query; @param headers by lower-case name */
    record Request(String method, String target, Map<String, String> headers, byte[] body, Peer.Internal as) {
        public Request {
            headers = Map.copyOf(headers);
        }
    }

    record Response(int status, Map<String, String> headers, byte[] body) {
    }

    /** A streamed answer; chunk boundaries are those of {@link ResumableStream#emit}. */
    interface Stream extends AutoCloseable {
        int status();

        /** The next chunk; empty when none came in time. Interruptible. @throws IOException when the stream broke */
        Optional<byte[]> next(Duration wait) throws IOException, InterruptedException;

        /** True once the handler ended the stream and every chunk was taken. */
        boolean ended();

        @Override
        void close();
    }

    /** One whole answer. A handler that streams is collected, at most 64 MiB. Blocks; interruptible. */
    Response call(String room, Request request) throws IOException, InterruptedException;

    /** Opens a stream; returns when the answer has begun. A whole answer appears as one chunk. */
    Stream open(String room, Request request) throws IOException, InterruptedException;
}
