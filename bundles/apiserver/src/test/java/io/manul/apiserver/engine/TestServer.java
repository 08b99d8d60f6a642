package io.manul.apiserver.engine;

import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.api.testing.TestPki;
import io.manul.api.testing.TestSettings;
import io.manul.datastore.testing.MemoryDatastore;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A whole apiserver on a datastore in memory, asked as the cluster's administrator. */
final class TestServer implements AutoCloseable {

    static final Peer ADMIN = new Peer.Internal("admin", List.of("system:masters"), "test");

    final MemoryDatastore store = new MemoryDatastore();
    final ApiServer server;
    final Handler handler;

    TestServer() throws Exception {
        server = new ApiServer(store, new TestPki("n1"),
                TestSettings.of("n1", Map.of("bind-address", "0.0.0.0", "node-ip", "192.0.2.1")), InstantSource.system());
        server.begin(new byte[0]);
        handler = (Handler) server.offers().get(Handler.class);
        // made by a controller in a cluster; pods need it
        good("POST", "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    TestExchange ask(String method, String target, String body, Map<String, String> headers) throws Exception {
        return ask(ADMIN, method, target, body, headers);
    }

    TestExchange ask(Peer as, String method, String target, String body, Map<String, String> headers) throws Exception {
        TestExchange x = new TestExchange(method, target, headers, body.getBytes(StandardCharsets.UTF_8), as);
        handler.handle(x);
        return x;
    }

    /** A request that must succeed. */
    Obj good(String method, String target, String body) throws Exception {
        TestExchange x = ask(method, target, body, Map.of());
        if (x.status / 100 != 2) {
            throw new AssertionError(method + " " + target + ": " + x.status + " " + new String(x.answer, StandardCharsets.UTF_8));
        }
        return Obj.parse(x.answer);
    }

    /** A stream, handled on a thread of its own. @param cursor null: from its start */
    TestExchange stream(String target, Map<String, String> headers, String cursor) {
        TestExchange x = new TestExchange("GET", target, headers, new byte[0], ADMIN, cursor);
        Thread.ofVirtual().start(() -> {
            try {
                handler.handle(x);
            } catch (io.manul.api.http.ClientGone e) {
                x.end();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return x;
    }

    @Override
    public void close() throws Exception {
        server.end();
        store.close();
    }
}
