package io.manul.network.services;

import java.util.List;

/**
 * Where one connection may go (discovery.k8s.io/v1, Endpoint).
 *
 * @param local     on this node
 * @param ready     may get new connections
 * @param finishing not ready because it ends, but still serving
 * @param zones     hints: nodes of these zones should use it
 * @param nodes     hints: these nodes should use it
 */
record Endpoint(String ip, int port, boolean local, boolean ready, boolean finishing, List<String> zones, List<String> nodes)
        implements Comparable<Endpoint> {
    @Override
    public int compareTo(Endpoint o) {
        int byIp = ip.compareTo(o.ip);
        return byIp != 0 ? byIp : Integer.compare(port, o.port);
    }

    /** As nft writes it: {@code 10.42.0.3 . 8080}. */
    String target() {
        return ip + " . " + port;
    }
}
