package io.manul.client.internal;

import io.manul.client.Cluster;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Optional;

/** Makes clusters over HTTPS; behind {@code RemoteClusters}. */
public final class RemoteConnection {
    private RemoteConnection() {
    }

    public static Cluster open(HttpClient client, URI server, Optional<String> token, String agent) {
        return new HttpCluster(new Requests(new HttpsTransport(client, server, token), agent));
    }
}
