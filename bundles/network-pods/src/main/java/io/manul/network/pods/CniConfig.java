package io.manul.network.pods;

import io.manul.api.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code 10-manul.conflist} true to the node's pod ranges: bridge, host-local addresses, portmap (CNI specification 1.0.0).
 * The ranges told last are kept in {@code agent/pod-cidr}: a node that reboots alone has its network before it has a server.
 * Sandboxes that live keep the network they have.
 */
final class CniConfig {

    private static final Logger LOG = LoggerFactory.getLogger(CniConfig.class);

    private final Settings settings;
    private final Path agent;

    CniConfig(Settings settings) {
        this.settings = settings;
        this.agent = settings.dataDir().toAbsolutePath().resolve("agent");
    }

    private Path file() {
        return agent.resolve("etc/cni/net.d/10-manul.conflist");
    }

    /** What was told last; empty at a node's first start. */
    List<Cidr> kept() throws IOException {
        Path kept = agent.resolve("pod-cidr");
        return Files.exists(kept) ? Cidr.list(Files.readString(kept).strip()) : List.of();
    }

    void ensure(List<Cidr> cidrs, int mtu) throws IOException {
        String bridge = settings.other("cni-bridge").orElse("cni0");
        if (!bridge.matches("[A-Za-z][A-Za-z0-9_.-]{0,14}")) {
            throw new IOException("--cni-bridge: \"" + bridge + "\" is no name of a network interface");
        }
        Path addresses = agent.resolve("cni");
        Files.createDirectories(addresses);
        Files.createDirectories(file().getParent());
        String text = conflist(bridge, cidrs, addresses, mtu);
        if (!Files.exists(file()) || !Files.readString(file()).equals(text)) {
            replace(agent.resolve("pod-cidr"), String.join(",", cidrs.stream().map(Cidr::toString).toList()) + "\n");
            replace(file(), text);
            LOG.info("Network configuration of this node's pods written file={} podCIDRs={} mtu={}", file(), cidrs, mtu);
        }
    }

    static String conflist(String bridge, List<Cidr> cidrs, Path addresses, int mtu) {
        List<String> ranges = new ArrayList<>();
        List<String> routes = new ArrayList<>();
        for (Cidr cidr : cidrs) {
            ranges.add("[{\"subnet\": \"" + cidr + "\"}]");
            routes.add("{\"dst\": \"" + (cidr.six() ? "::/0" : "0.0.0.0/0") + "\"}");
        }
        return """
                {
                  "cniVersion": "1.0.0",
                  "name": "manul",
                  "plugins": [
                    {
                      "type": "bridge", "bridge": "%s", "isGateway": true, "forceAddress": true, "ipMasq": false,
                      "hairpinMode": true, "mtu": %d,
                      "ipam": {"type": "host-local", "dataDir": "%s",
                        "ranges": [%s], "routes": [%s]}
                    },
                    {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}
                  ]
                }
                """.formatted(bridge, mtu, addresses.toString().replace("\\", "\\\\").replace("\"", "\\\""),
                String.join(", ", ranges), String.join(", ", routes));
    }

    /** In one step: containerd watches the folder. */
    static void replace(Path file, String text) throws IOException {
        Path half = file.resolveSibling("." + file.getFileName() + ".part");
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
