package io.manul.client;

import io.manul.client.internal.Balancer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The API of whichever server answers, over HTTP/2: the last that did is asked first, the next when it does not. Rooms see no
 * difference to {@link Clusters} inside a server, but for the time in which none answers.
 */
public final class BalancedClusters implements Clusters, AutoCloseable {

    private final Balancer balancer;

    /** @param memory folder for root only: what this node needs of the API to run its pods while no server answers */
    public BalancedClusters(ApiServers servers, Path memory) throws IOException {
        balancer = new Balancer(servers, memory);
    }

    @Override
    public Cluster as(String user, List<String> groups, String room) {
        return balancer.cluster(user, groups, "manul-" + room);
    }

    /** Nothing is heard from that server any more: requests and watches that wait for it end now. */
    public void lost(URI server) {
        balancer.drop(server::equals);
    }

    /** Certificates were renewed: connections begin anew with them. */
    public void renewed() {
        balancer.drop(any -> true);
    }

    @Override
    public void close() {
        balancer.close();
    }
}
