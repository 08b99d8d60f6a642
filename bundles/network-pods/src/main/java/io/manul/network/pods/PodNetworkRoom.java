package io.manul.network.pods;

import io.manul.api.component.Component;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room's life. What it has put into the kernel and on the disk stays when it ends. */
@org.osgi.service.component.annotations.Component(service = Component.class)
public final class PodNetworkRoom implements Component {

    private static final Logger LOG = LoggerFactory.getLogger(PodNetworkRoom.class);

    private final Settings settings;
    private final Cluster reader;
    private final Cluster node;
    private volatile Network network;

    @Activate
    public PodNetworkRoom(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this.settings = settings;
        this.reader = clusters.as("system:k3s-controller", List.of(), "network-pods");
        this.node = clusters.as("system:node:" + settings.nodeName(), List.of("system:nodes"), "network-pods");
    }

    @Override
    public String name() {
        return "network-pods";
    }

    @Override
    public void begin(byte[] state) throws Exception {
        if (settings.other("flannel-backend").orElse("").equals("none")) {
            LOG.info("No pod network: another network plug-in has it flannel-backend=none");
            return;
        }
        Kernel kernel = new Kernel(Tool.PROCESS);
        Network next = new Network(settings, reader, node, backend(kernel), new CniConfig(settings), new Masquerade(Tool.PROCESS),
                new Switches(Path.of("/proc/sys")), new KnownPeers(settings.dataDir().resolve("agent/etc/peers.json")));
        try {
            network = next.start();
        } catch (IOException | InterruptedException | RuntimeException e) {
            next.close();
            throw e;
        }
    }

    private Backend backend(Kernel kernel) throws IOException {
        Underlay underlay = Underlay.of(settings);
        return settings.other("flannel-backend").orElse("vxlan").equals("host-gw") ? new HostGateway(kernel, underlay)
                : new Vxlan(kernel, underlay, settings.nodeName());
    }

    @Override
    public byte[] end() {
        Network last = network;
        network = null;
        if (last != null) {
            last.close();
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        Network now = network;
        return now == null ? Health.IDLE : now.health();
    }
}
