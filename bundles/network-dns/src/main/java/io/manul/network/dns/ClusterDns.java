package io.manul.network.dns;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room's life. Its sockets are opened once it is ready: what is asked between the last version and this one waits in them. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class ClusterDns implements Component {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterDns.class);
    private static final int PORT = 53;

    private final Cluster cluster;
    private final Settings settings;
    private final Tool tool;
    private final int port;

    // the updater's thread only, but for serving
    private Sockets sockets;
    private Removal removal;
    private volatile Serving serving;

    @Activate
    public ClusterDns(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this(clusters, settings, Tool.PROCESS, PORT);
    }

    /** @param port 0: any */
    ClusterDns(Clusters clusters, Settings settings, Tool tool, int port) {
        this.cluster = clusters.controller("coredns", "network-dns");
        this.settings = settings;
        this.tool = tool;
        this.port = port;
    }

    @Override
    public String name() {
        return "network-dns";
    }

    private boolean wanted() {
        return !settings.disable().contains("coredns");
    }

    private InetAddress address() {
        return InetAddress.ofLiteral(settings.clusterDns());
    }

    @Override
    public boolean ready() {
        if (wanted() && port != 0) {
            try {
                open();
            } catch (IOException e) {
                LOG.debug("The cluster DNS address is not there yet address={} why={}", settings.clusterDns(), e.getMessage());
            }
        }
        return true;
    }

    private void open() throws IOException {
        if (sockets == null) {
            sockets = new Sockets(new InetSocketAddress(address(), port));
        }
    }

    @Override
    public void begin(byte[] state) throws Exception {
        LocalAddress local = new LocalAddress(address(), tool);
        if (!wanted()) {
            local.remove();
            removal = new Removal(new Keeper(cluster, settings.clusterDns(), null));
            return;
        }
        try {
            local.add();
            open();
        } catch (IOException e) {
            close();
            throw new IOException("Names are not answered at " + settings.clusterDns() + " port " + port + ": " + e.getMessage()
                    + ". Is another DNS server bound to it, or to all addresses?", e);
        }
        serving = new Serving(cluster, settings, sockets);
    }

    /** Where it is asked; for tests. */
    InetSocketAddress asked() throws IOException {
        return sockets.address();
    }

    @Override
    public byte[] end() {
        close();
        return new byte[0];
    }

    /** Also when it was ready and never began. */
    @Deactivate
    void close() {
        if (removal != null) {
            removal.close();
            removal = null;
        }
        Serving last = serving;
        serving = null;
        if (last != null) {
            last.close(); // what is known is answered still
        }
        Sockets s = sockets;
        sockets = null;
        if (s != null) {
            s.close();
        }
    }

    @Override
    public Health health() {
        Serving now = serving;
        return now == null ? Health.IDLE : now.health();
    }
}
