package io.manul.apiserver.engine.sub;

import io.manul.api.http.Exchange;
import io.manul.api.http.NodeSocket;
import io.manul.api.http.Peer;
import io.manul.api.settings.Settings;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.User;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** How this server reaches kubelets, and addresses of pods and nodes: the one place that knows where a node is. */
final class Reach {

    private final Settings settings;

    Reach(Settings settings) {
        this.settings = settings;
    }

    /**
     * Hands an authorized exchange to the kubelet of a node: to that of this one, or to the room that holds the tunnels of the others.
     */
    void kubelet(Exchange x, String node, String target, User as) {
        boolean own = node.equals(settings.nodeName());
        x.forward(own ? "kubelet" : NodeSocket.ROOM, (own ? "" : "/" + node) + target, new Peer.Internal(as.name(), as.groups(), "apiserver"));
    }

    /** Pods answer at their addresses, of this node and of others: there are routes. Loopback and link-local ones are nobody's. */
    InetSocketAddress address(String ip, int port) throws ApiException {
        try {
            InetAddress a = InetAddress.getByName(ip); // an address, no name: nothing is looked up
            if (a.isLoopbackAddress() || a.isLinkLocalAddress() || a.isAnyLocalAddress() || a.isMulticastAddress()) {
                throw ApiException.badRequest("address not allowed");
            }
            return new InetSocketAddress(a, port);
        } catch (UnknownHostException e) {
            throw ApiException.badRequest("address not allowed");
        }
    }
}
