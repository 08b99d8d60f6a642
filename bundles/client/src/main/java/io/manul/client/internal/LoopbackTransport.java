package io.manul.client.internal;

import io.manul.api.http.Loopback;
import io.manul.api.http.Peer;
import java.io.IOException;
import java.util.Map;

/** Inside this JVM: through the apiserver's gate, with the swap rules of any connection. */
record LoopbackTransport(Loopback loopback, Peer.Internal as) implements Transport {

    private static final String ROOM = "apiserver";

    @Override
    public Loopback.Response call(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        return loopback.call(ROOM, new Loopback.Request(method, target, headers, body, as));
    }

    @Override
    public Loopback.Stream open(String target, Map<String, String> headers) throws IOException, InterruptedException {
        return loopback.open(ROOM, new Loopback.Request("GET", target, headers, new byte[0], as));
    }
}
