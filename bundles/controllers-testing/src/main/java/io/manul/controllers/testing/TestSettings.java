package io.manul.controllers.testing;

import io.manul.api.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The defaults, for a node n1. */
public record TestSettings() implements Settings {
    @Override
    public Path dataDir() {
        return Path.of("/nowhere");
    }

    @Override
    public Path runDir() {
        return Path.of("/nowhere");
    }

    @Override
    public Path kubeconfig() {
        return Path.of("/nowhere/manul.yaml");
    }

    @Override
    public int kubeconfigMode() {
        return 0600;
    }

    @Override
    public String bindAddress() {
        return "0.0.0.0";
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
        return "192.0.2.1";
    }

    @Override
    public String nodeName() {
        return "n1";
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
        return "10.42.0.0/16";
    }

    @Override
    public String serviceCidr() {
        return "10.43.0.0/16";
    }

    @Override
    public String clusterDns() {
        return "10.43.0.10";
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
        return Optional.empty();
    }

    @Override
    public List<String> disable() {
        return List.of();
    }

    @Override
    public boolean debug() {
        return false;
    }

    @Override
    public Optional<String> other(String flag) {
        return Optional.empty();
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public Path home() {
        return Path.of("/nowhere");
    }
}
