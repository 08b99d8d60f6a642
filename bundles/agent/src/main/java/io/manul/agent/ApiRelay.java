package io.manul.agent;

import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.client.ClusterException;
import io.manul.client.Clusters;
import io.manul.json.Obj;
import java.util.Map;

/** In place of the API server of this JVM, for rooms that call it by its gate: passes a read on, as the caller's identity here. */
final class ApiRelay implements Handler {

    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    private final Clusters clusters;

    ApiRelay(Clusters clusters) {
        this.clusters = clusters;
    }

    @Override
    public void handle(Exchange x) throws Exception {
        if (!(x.peer() instanceof Peer.Internal caller) || !x.method().equals("GET")) {
            answer(x, 404, "this node has no API server of its own");
            return;
        }
        try {
            x.reply(200, JSON, clusters.as(caller.user(), caller.groups(), caller.room()).raw("GET", x.target(), null).bytes());
        } catch (ClusterException e) {
            answer(x, e.code() == 0 ? 503 : e.code(), e.getMessage());
        }
    }

    private static void answer(Exchange x, int code, String message) {
        x.reply(code, JSON, Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Failure", "message", message, "code", code).bytes());
    }
}
