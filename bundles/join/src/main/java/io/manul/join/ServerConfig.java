package io.manul.join;

import io.manul.api.settings.Settings;
import io.manul.json.Obj;
import java.util.List;

/** The settings that every node of the cluster must have as the server has them, by flag name. */
final class ServerConfig {

    private static final List<String> OTHERS = List.of("flannel-backend", "flannel-external-ip", "flannel-ipv6-masq", "mqtt-endpoint", "mqtt-listen-port",
            "heartbeat", "service-node-port-range");

    private ServerConfig() {
    }

    static Obj of(Settings s) {
        Obj config = Obj.of("cluster-cidr", s.clusterCidr(), "service-cidr", s.serviceCidr(), "cluster-dns", s.clusterDns(),
                "cluster-domain", s.clusterDomain(), "version", s.version());
        OTHERS.forEach(flag -> s.other(flag).ifPresent(v -> config.put(flag, v)));
        List<String> disabled = s.disable().stream().filter(d -> d.startsWith("network-")).toList();
        if (!disabled.isEmpty()) {
            config.put("disable", disabled);
        }
        return config;
    }
}
