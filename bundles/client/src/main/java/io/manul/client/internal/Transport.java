package io.manul.client.internal;

import io.manul.api.http.Loopback;
import java.io.IOException;
import java.util.Map;

/** Carries requests to an API server. Safe from any thread; blocking, interruptible. */
interface Transport {

    Loopback.Response call(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException;

    Loopback.Stream open(String target, Map<String, String> headers) throws IOException, InterruptedException;
}
