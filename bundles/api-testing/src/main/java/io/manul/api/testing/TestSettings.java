package io.manul.api.testing;

import io.manul.api.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The defaults of a server, but for what is given by flag, and on loopback.
 *
 * @param node    its name
 * @param data    its folder
 * @param flags   flag name, without dashes, to its value
 */
public record TestSettings(String node, Path data, Map<String, String> flags) implements Settings {

    public static TestSettings of(String node, Map<String, String> flags) {
        return new TestSettings(node, Path.of("/nowhere"), flags);
    }

    public static TestSettings of(String node) {
        return of(node, Map.of());
    }

    private String flag(String name, String initial) {
        return flags.getOrDefault(name, initial);
    }

    @Override
    public Path dataDir() {
        return data;
    }

    @Override
    public Path runDir() {
        return data.resolve("run");
    }

    @Override
    public Path kubeconfig() {
        return data.resolve("manul.yaml");
    }

    @Override
    public int kubeconfigMode() {
        return 0600;
    }

    @Override
    public String bindAddress() {
        return flag("bind-address", "127.0.0.1");
    }

    @Override
    public int httpsPort() {
        return 6443;
    }

    @Override
    public int kubeletPort() {
        return 10250;
    }

    @Override
    public String nodeIp() {
        return flag("node-ip", "127.0.0.1");
    }

    @Override
    public String nodeName() {
        return node;
    }

    @Override
    public Map<String, String> nodeLabels() {
        return Map.of();
    }

    @Override
    public List<String> nodeTaints() {
        return List.of();
    }

    @Override
    public List<String> tlsSans() {
        return List.of();
    }

    @Override
    public String clusterCidr() {
        return flag("cluster-cidr", "10.42.0.0/16");
    }

    @Override
    public String serviceCidr() {
        return flags.getOrDefault("service-cidr", "10.43.0.0/16");
    }

    @Override
    public String clusterDns() {
        return flag("cluster-dns", "10.43.0.10");
    }

    @Override
    public String clusterDomain() {
        return "cluster.local";
    }

    @Override
    public int nodePortFirst() {
        return 30000;
    }

    @Override
    public int nodePortLast() {
        return 32767;
    }

    @Override
    public Optional<Path> containerRuntimeEndpoint() {
        return other("container-runtime-endpoint").map(Path::of);
    }

    @Override
    public List<String> disable() {
        return other("disable").filter(d -> !d.isEmpty()).map(d -> List.of(d.split(","))).orElseGet(List::of);
    }

    @Override
    public boolean debug() {
        return false;
    }

    @Override
    public Optional<String> other(String flag) {
        return Optional.ofNullable(flags.get(flag));
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public Path home() {
        return data;
    }
}
