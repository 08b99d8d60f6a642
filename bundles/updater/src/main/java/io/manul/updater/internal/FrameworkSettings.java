package io.manul.updater.internal;

import io.manul.api.settings.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The settings that the launcher checked and handed over as framework properties {@code manul.<flag>}. */
final class FrameworkSettings implements Settings {

    private final UnaryOperator<String> property;

    /** @param property a framework property by name, or null */
    FrameworkSettings(UnaryOperator<String> property) {
        this.property = property;
    }

    private Optional<String> find(String flag) {
        return Optional.ofNullable(property.apply("manul." + flag)).filter(v -> !v.isEmpty());
    }

    private String need(String flag) {
        return find(flag).orElseThrow(() -> new IllegalStateException("framework property manul." + flag
                + " is not set: start the framework through the launcher"));
    }

    private List<String> lines(String flag) {
        return find(flag).map(v -> List.of(v.split("\n"))).orElse(List.of());
    }

    private int range(int half) {
        return Integer.parseInt(need("service-node-port-range").split("-")[half]);
    }

    @Override
    public Path dataDir() {
        return Path.of(need("data-dir"));
    }

    @Override
    public Path runDir() {
        return Path.of(need("run-dir"));
    }

    @Override
    public Path kubeconfig() {
        return Path.of(need("write-kubeconfig"));
    }

    @Override
    public int kubeconfigMode() {
        return Integer.parseInt(need("write-kubeconfig-mode"), 8);
    }

    @Override
    public String bindAddress() {
        return need("bind-address");
    }

    @Override
    public int httpsPort() {
        return Integer.parseInt(need("https-listen-port"));
    }

    @Override
    public int kubeletPort() {
        return Integer.parseInt(need("kubelet-port"));
    }

    @Override
    public String nodeIp() {
        return need("node-ip").split(",")[0]; // both families': other("node-ip")
    }

    @Override
    public String nodeName() {
        return need("node-name");
    }

    @Override
    public Map<String, String> nodeLabels() {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String pair : lines("node-label")) {
            int eq = pair.indexOf('=');
            labels.put(eq < 0 ? pair : pair.substring(0, eq), eq < 0 ? "" : pair.substring(eq + 1));
        }
        return labels;
    }

    @Override
    public List<String> nodeTaints() {
        return lines("node-taint");
    }

    @Override
    public List<String> tlsSans() {
        return lines("tls-san");
    }

    @Override
    public String clusterCidr() {
        return need("cluster-cidr");
    }

    @Override
    public String serviceCidr() {
        return need("service-cidr");
    }

    @Override
    public String clusterDns() {
        return need("cluster-dns");
    }

    @Override
    public String clusterDomain() {
        return need("cluster-domain");
    }

    @Override
    public int nodePortFirst() {
        return range(0);
    }

    @Override
    public int nodePortLast() {
        return range(1);
    }

    @Override
    public Optional<Path> containerRuntimeEndpoint() {
        return find("container-runtime-endpoint").map(v -> Path.of(v.replaceFirst("^unix://", "")));
    }

    @Override
    public List<String> disable() {
        return lines("disable");
    }

    @Override
    public boolean debug() {
        return find("debug").map(Boolean::parseBoolean).orElse(false);
    }

    @Override
    public Optional<String> other(String flag) {
        return find(flag);
    }

    @Override
    public String version() {
        return need("version");
    }

    @Override
    public Path home() {
        return Path.of(need("home"));
    }
}
