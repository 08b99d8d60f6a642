package io.manul.client.internal;

import io.manul.api.http.Loopback;
import io.manul.client.ApiServers;
import io.manul.client.Cluster;
import io.manul.client.Unreached;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLHandshakeException;

/**
 * A connection for each server and identity, made when it is wanted and dropped when it fails: the JDK's client would go on
 * with a dead one until TCP gives up, a quarter of an hour.
 */
public final class Balancer {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final ApiServers servers;
    private final Map<Way, HttpClient> clients = new ConcurrentHashMap<>();
    private final Shelf shelf;
    private volatile URI answered;

    private record Way(URI server, String user) {
    }

    /** @param memory folder of what is answered while no server does */
    public Balancer(ApiServers servers, Path memory) throws IOException {
        this.servers = servers;
        this.shelf = new Shelf(memory);
    }

    public Cluster cluster(String user, List<String> groups, String agent) {
        return new HttpCluster(new Requests(new Remembering(new Balanced(user, List.copyOf(groups)), shelf), agent));
    }

    /** Ends everything; what is to be remembered is on the disk on return. */
    public void close() {
        drop(any -> true);
        shelf.close();
    }

    /** Ends all connections to these servers, with what waits on them. */
    public void drop(Predicate<URI> which) {
        clients.forEach((way, client) -> {
            if (which.test(way.server)) {
                drop(way, client);
            }
        });
    }

    private void drop(Way way, HttpClient client) {
        if (clients.remove(way, client)) {
            Thread.ofVirtual().name("api-connection-end").start(client::shutdownNow);
        }
    }

    private List<URI> order() {
        List<URI> all = new ArrayList<>(servers.all());
        URI last = answered;
        if (last != null && all.remove(last)) {
            all.addFirst(last);
        }
        return all;
    }

    private interface Attempt<T> {
        T on(HttpsTransport transport) throws IOException, InterruptedException;
    }

    private final class Balanced implements Transport {
        private final String user;
        private final List<String> groups;

        Balanced(String user, List<String> groups) {
            this.user = user;
            this.groups = groups;
        }

        private HttpClient client(Way way) throws IOException {
            HttpClient there = clients.get(way);
            if (there != null) {
                return there;
            }
            synchronized (clients) {
                HttpClient made = clients.get(way);
                if (made == null) {
                    made = HttpClient.newBuilder().executor(task -> Thread.ofVirtual().name("api").start(task)).sslContext(servers.identity(user, groups)).connectTimeout(CONNECT).build();
                    clients.put(way, made);
                }
                return made;
            }
        }

        private <T> T first(boolean repeatable, Attempt<T> attempt) throws IOException, InterruptedException {
            IOException last = new IOException("no server is known");
            for (URI server : order()) {
                Way way = new Way(server, user);
                HttpClient client = client(way);
                try {
                    T answer = attempt.on(new HttpsTransport(client, server, Optional.empty()));
                    answered = server;
                    return answer;
                } catch (IOException e) {
                    drop(way, client);
                    last = new IOException(server + ": " + Unreached.why(e, Instant.now()), e);
                    if (!repeatable && !unsent(e)) {
                        throw last;
                    }
                }
            }
            throw last;
        }

        /** The connection was not there: the request has had no effect. */
        private static boolean unsent(IOException e) {
            return e instanceof ConnectException || e instanceof HttpConnectTimeoutException || e instanceof NoRouteToHostException
                    || e instanceof UnknownHostException || e instanceof SSLHandshakeException;
        }

        @Override
        public Loopback.Response call(String method, String target, Map<String, String> headers, byte[] body)
                throws IOException, InterruptedException {
            return first(method.equals("GET"), t -> t.call(method, target, headers, body));
        }

        @Override
        public Loopback.Stream open(String target, Map<String, String> headers) throws IOException, InterruptedException {
            return first(true, t -> t.open(target, headers));
        }

        @Override
        public Optional<Duration> silence() {
            return Optional.of(HttpsTransport.SILENCE);
        }
    }
}
