package io.manul.storage.local;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Folders of volumes on their nodes: made and removed by the kubelet there, which is asked through the API server. */
final class Folders {

    private final Cluster cluster;

    Folders(Cluster cluster) {
        this.cluster = cluster;
    }

    void make(String node, String volume, String path) throws ClusterException, InterruptedException {
        cluster.raw("POST", target(node, volume, path), null);
    }

    /** Nothing there is well. A node that is gone for good took its folders along. */
    void remove(String node, String volume, String path) throws ClusterException, InterruptedException {
        if (cluster.get(Resources.NODES, "", node).isPresent()) {
            cluster.raw("DELETE", target(node, volume, path), null);
        }
    }

    private static String target(String node, String volume, String path) {
        return "/api/v1/nodes/" + node + "/proxy/localVolumes/" + volume + "?path=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
    }
}
