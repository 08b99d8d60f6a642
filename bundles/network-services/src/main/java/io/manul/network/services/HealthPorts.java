package io.manul.network.services;

import io.manul.client.Key;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health-check ports of Services whose outside traffic stays on the node: one small server each. One thread but for answers. */
final class HealthPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthPorts.class);

    private final BiConsumer<Key, String> complain;
    private final Map<Key, HealthServer> servers = new HashMap<>();

    /** @param complain is told of a port that cannot be opened */
    HealthPorts(BiConsumer<Key, String> complain) {
        this.complain = complain;
    }

    /** @param port 0 for none */
    void put(Key service, int port, int localReady) {
        HealthServer server = servers.get(service);
        if (server != null && server.port() != port) {
            servers.remove(service).close();
            server = null;
        }
        if (port == 0) {
            return;
        }
        if (server == null) {
            try {
                server = new HealthServer(service, port);
                servers.put(service, server);
            } catch (IOException e) {
                LOG.warn("A Service's health check port cannot be opened; load balancers will leave this node out service={} port={} why={}",
                        service, port, e.getMessage());
                complain.accept(service, "node cannot open health check port " + port + ": " + e.getMessage());
                return;
            }
        }
        server.endpoints(localReady);
    }

    @Override
    public void close() {
        for (Key key : new HashSet<>(servers.keySet())) {
            servers.remove(key).close();
        }
    }
}
