package io.manul.listener;

import io.manul.api.http.Exchange;
import io.manul.api.http.Loopback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Exchanges between rooms of this JVM: the same as from outside, without a socket. Safe from any thread. */
final class LoopbackCalls implements Loopback {

    /** Bytes of a streamed answer that {@link #call} collects. */
    private static final int MAX_COLLECTED = 64 << 20;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Dispatcher dispatcher;

    LoopbackCalls(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public Response call(String room, Request request) throws IOException, InterruptedException {
        try (LoopbackOutlet stream = begun(room, request)) {
            Optional<byte[]> first = take(stream);
            if (stream.ended()) {
                return new Response(stream.status(), stream.headers(), first.orElse(new byte[0]));
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (Optional<byte[]> chunk = first; chunk.isPresent(); chunk = take(stream)) {
                if (all.size() + chunk.get().length > MAX_COLLECTED) {
                    throw new IOException(request.method() + " " + request.target() + " of " + room
                            + " answers with more than " + MAX_COLLECTED + " bytes: open it as a stream");
                }
                all.writeBytes(chunk.get());
            }
            return new Response(stream.status(), stream.headers(), all.toByteArray());
        }
    }

    /** The next chunk, however long it takes; empty at the end. */
    private static Optional<byte[]> take(LoopbackOutlet stream) throws IOException, InterruptedException {
        Optional<byte[]> chunk = Optional.empty();
        while (chunk.isEmpty() && !stream.ended()) {
            chunk = stream.next(LONG);
        }
        return chunk;
    }

    @Override
    public Stream open(String room, Request request) throws IOException, InterruptedException {
        return begun(room, request);
    }

    private LoopbackOutlet begun(String room, Request request) throws IOException, InterruptedException {
        LoopbackOutlet outlet = new LoopbackOutlet();
        Call call = new Call(dispatcher, outlet, room, decoded(room, request), () -> { });
        outlet.onClose(call::gone);
        dispatcher.accept(call);
        try {
            outlet.awaitBegun();
            return outlet;
        } catch (IOException | InterruptedException e) {
            outlet.close();
            throw e;
        }
    }

    private static io.manul.listener.Request decoded(String room, Request request) {
        if (request.body().length > Exchange.MAX_BODY) {
            throw new IllegalArgumentException("the body of " + request.method() + " " + request.target() + " to " + room
                    + " has " + request.body().length + " bytes, limit is " + Exchange.MAX_BODY);
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        try {
            return io.manul.listener.Request.of(request.method(), request.target(), headers, request.body(), request.as());
        } catch (BadRequest e) {
            throw new IllegalArgumentException(request.method() + " " + request.target() + " to " + room + ": "
                    + e.getMessage());
        }
    }
}
