package io.manul.client.internal;

import io.manul.api.http.Loopback;
import io.manul.client.ClusterException;
import io.manul.json.Json;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Sends one request, with the retries that cannot do harm, and turns a refusal into an exception. */
final class Requests {

    static final String JSON = "application/json";
    private static final byte[] NOTHING = new byte[0];
    private static final Duration RETRY_FOR = Duration.ofSeconds(10);
    private static final Duration RETRY_STEP = Duration.ofMillis(100);

    private final Transport transport;
    private final String agent;

    Requests(Transport transport, String agent) {
        this.transport = transport;
        this.agent = agent;
    }

    Transport transport() {
        return transport;
    }

    Map<String, String> headers(String contentType, String accept) {
        return contentType.isEmpty() ? Map.of("accept", accept, "user-agent", agent)
                : Map.of("accept", accept, "user-agent", agent, "content-type", contentType);
    }

    /** A read. @param accept {@link #JSON}, or another representation */
    Obj read(String target, String accept) throws ClusterException, InterruptedException {
        return send("GET", target, headers("", accept), NOTHING);
    }

    /** @param body null for none */
    Obj send(String method, String target, String contentType, Object body) throws ClusterException, InterruptedException {
        return send(method, target, headers(body == null ? "" : contentType, JSON), body == null ? NOTHING : Json.bytes(body));
    }

    private Obj send(String method, String target, Map<String, String> headers, byte[] body)
            throws ClusterException, InterruptedException {
        long end = System.nanoTime() + RETRY_FOR.toNanos();
        for (;;) {
            ClusterException refused;
            boolean again;
            try {
                Loopback.Response r = transport.call(method, target, headers, body);
                again = repeatable(method, r);
                if (r.status() < 300) {
                    return parse(r, target);
                }
                refused = refusal(r.status(), r.body(), target);
            } catch (IOException e) {
                refused = new ClusterException(0, "", method + " " + target + ": the API is not reached: " + e.getMessage(), null);
                again = method.equals("GET");
            }
            if (!again || System.nanoTime() > end) {
                throw refused;
            }
            Thread.sleep(RETRY_STEP);
        }
    }

    /**
     * Only what changes nothing, or what the server asks to send again, is sent again: a write may have been half done, and an
     * eviction that a budget refuses (429 without a time) will be refused again.
     */
    private static boolean repeatable(String method, Loopback.Response r) {
        return (r.status() == 429 || r.status() >= 500) && r.headers().containsKey("retry-after")
                || method.equals("GET") && (r.status() == 502 || r.status() == 503 || r.status() == 504);
    }

    private static Obj parse(Loopback.Response r, String target) throws ClusterException {
        try {
            return Obj.parse(r.body());
        } catch (JsonException e) {
            throw new ClusterException(r.status(), "", target + ": the API's answer is not JSON: " + e.getMessage(), null);
        }
    }

    static ClusterException refusal(int code, byte[] body, String target) {
        try {
            Obj status = Obj.parse(body);
            return new ClusterException(code, status.text("reason"),
                    status.text("message").isEmpty() ? target + ": HTTP " + code : status.text("message"), status);
        } catch (JsonException e) {
            return new ClusterException(code, "", target + ": HTTP " + code, null);
        }
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
