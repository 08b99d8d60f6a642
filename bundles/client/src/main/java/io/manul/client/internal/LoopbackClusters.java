package io.manul.client.internal;

import io.manul.api.http.Loopback;
import io.manul.api.http.Peer;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import java.util.List;

/** The API of this JVM's apiserver, through the listener's loopback. */
public record LoopbackClusters(Loopback loopback) implements Clusters {
    @Override
    public Cluster as(String user, List<String> groups, String room) {
        return new HttpCluster(new Requests(new LoopbackTransport(loopback, new Peer.Internal(user, groups, room)), "manul-" + room));
    }
}
