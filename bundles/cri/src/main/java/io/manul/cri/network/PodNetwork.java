package io.manul.cri.network;

import io.manul.api.settings.Settings;
import io.manul.cri.containerd.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the room network-pods is not there: keeps {@code 10-manul.conflist} true to the node's pod CIDR: bridge, host-local addresses, portmap (CNI specification 1.0.0).
 * The CIDR is what was told last (kept in {@code agent/pod-cidr}), else the first /24 (IPv6: /64) of the cluster CIDR. The
 * plugins are found by containerd. Sandboxes that live keep the network they have.
 */
public final class PodNetwork {

    private static final Logger LOG = LoggerFactory.getLogger(PodNetwork.class);

    private final Settings settings;
    private final Places places;
    private final Path sysctls;
    /** Another room's, which knows of other nodes. */
    private final boolean elsewhere;

    /** @param sysctls {@code /proc/sys} */
    public PodNetwork(Settings settings, Places places, Path sysctls) {
        this.settings = settings;
        this.places = places;
        this.sysctls = sysctls;
        this.elsewhere = List.of(settings.other("components").orElse("").split(",")).contains("network-pods");
    }

    /** Writes the configuration and sets the switches that forwarding needs. */
    public void begin() throws IOException {
        if (elsewhere) {
            return;
        }
        List<Cidr> cidrs = current();
        write(cidrs);
        set("net/ipv4/ip_forward", "1");
        if (cidrs.stream().anyMatch(Cidr::six)) {
            set("net/ipv6/conf/all/forwarding", "1");
        }
        // where the bridge module is there: Services must see what pods of one node send to one another
        for (String name : List.of("iptables", "ip6tables")) {
            if (Files.exists(sysctls.resolve("net/bridge/bridge-nf-call-" + name))) {
                set("net/bridge/bridge-nf-call-" + name, "1");
            }
        }
    }

    /** The node's pod CIDRs as its Node object has them. @param podCidr one, or two separated by a comma */
    public void podCidr(String podCidr) throws IOException {
        List<Cidr> cidrs = Cidr.list(podCidr);
        if (elsewhere) {
            return;
        }
        if (cidrs.equals(current()) && Files.exists(file())) {
            return;
        }
        Files.createDirectories(places.podCidr().getParent());
        replace(places.podCidr(), podCidr + "\n");
        write(cidrs);
        LOG.info("The node's pod network changed cidr={}", podCidr);
    }

    private List<Cidr> current() throws IOException {
        if (Files.exists(places.podCidr())) {
            return Cidr.list(Files.readString(places.podCidr()).strip());
        }
        return Cidr.list(settings.clusterCidr()).stream().map(Cidr::first).toList();
    }

    private Path file() {
        return places.network().resolve("10-manul.conflist");
    }

    private void write(List<Cidr> cidrs) throws IOException {
        String bridge = settings.other("cni-bridge").orElse("cni0");
        if (!bridge.matches("[A-Za-z][A-Za-z0-9_.-]{0,14}")) {
            throw new IllegalArgumentException("--cni-bridge: \"" + bridge + "\" is no name of a network interface");
        }
        Files.createDirectories(places.network());
        Files.createDirectories(places.addresses());
        String text = conflist(bridge, cidrs, places.addresses());
        if (!Files.exists(file()) || !Files.readString(file()).equals(text)) {
            replace(file(), text);
        }
    }

    static String conflist(String bridge, List<Cidr> cidrs, Path addresses) {
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
                      "type": "bridge", "bridge": "%s", "isGateway": true, "forceAddress": true, "ipMasq": true,
                      "hairpinMode": true,
                      "ipam": {"type": "host-local", "dataDir": "%s",
                        "ranges": [%s], "routes": [%s]}
                    },
                    {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}
                  ]
                }
                """.formatted(bridge, addresses.toString().replace("\\", "\\\\").replace("\"", "\\\""),
                String.join(", ", ranges), String.join(", ", routes));
    }

    /** In one step: containerd watches the folder. */
    private static void replace(Path file, String text) throws IOException {
        Path half = file.resolveSibling("." + file.getFileName() + ".part");
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void set(String key, String value) {
        Path file = sysctls.resolve(key);
        try {
            if (!Files.readString(file).strip().equals(value)) {
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            LOG.warn("A kernel switch that pods' traffic needs could not be set; set it yourself key={} value={} why={}",
                    key.replace('/', '.'), value, e.toString());
        }
    }
}
