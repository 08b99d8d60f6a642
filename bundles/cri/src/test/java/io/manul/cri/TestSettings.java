package io.manul.cri;

import io.manul.api.settings.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings with their defaults, in a folder of their own. */
public final class TestSettings implements Settings {

    private final Path data;
    private final Map<String, String> other = new HashMap<>();

    public TestSettings(Path data) {
        this.data = data;
    }

    public TestSettings with(String flag, String value) {
        other.put(flag, value);
        return this;
    }

    @Override public Path dataDir() {
        return data;
    }

    @Override public Path runDir() {
        return data.resolve("run");
    }

    @Override public Path kubeconfig() {
        return data.resolve("manul.yaml");
    }

    @Override public int kubeconfigMode() {
        return 0600;
    }

    @Override public String bindAddress() {
        return "127.0.0.1";
    }

    @Override public int httpsPort() {
        return 6443;
    }

    @Override public int kubeletPort() {
        return 10250;
    }

    @Override public String nodeIp() {
        return "127.0.0.1";
    }

    @Override public String nodeName() {
        return "test";
    }

    @Override public Map<String, String> nodeLabels() {
        return Map.of();
    }

    @Override public List<String> nodeTaints() {
        return List.of();
    }

    @Override public List<String> tlsSans() {
        return List.of();
    }

    @Override public String clusterCidr() {
        return other.getOrDefault("cluster-cidr", "10.42.0.0/16");
    }

    @Override public String serviceCidr() {
        return "10.43.0.0/16";
    }

    @Override public String clusterDns() {
        return "10.43.0.10";
    }

    @Override public String clusterDomain() {
        return "cluster.local";
    }

    @Override public int nodePortFirst() {
        return 30000;
    }

    @Override public int nodePortLast() {
        return 32767;
    }

    @Override public Optional<Path> containerRuntimeEndpoint() {
        return Optional.ofNullable(other.get("container-runtime-endpoint")).map(Path::of);
    }

    @Override public List<String> disable() {
        return List.of();
    }

    @Override public boolean debug() {
        return false;
    }

    @Override public Optional<String> other(String flag) {
        return Optional.ofNullable(other.get(flag));
    }

    @Override public String version() {
        return "0.1.0";
    }

    @Override public Path home() {
        return data;
    }
}
