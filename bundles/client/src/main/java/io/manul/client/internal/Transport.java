package io.manul.client.internal;

import io.manul.api.http.Loopback;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Carries requests to an API server. Safe from any thread; blocking, interruptible. */
interface Transport {

    Loopback.Response call(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException;

    Loopback.Stream open(String target, Map<String, String> headers) throws IOException, InterruptedException;

    /** After so long without a byte a stream counts as lost; empty: its end is always told. */
    default Optional<Duration> silence() {
        return Optional.empty();
    }
}
