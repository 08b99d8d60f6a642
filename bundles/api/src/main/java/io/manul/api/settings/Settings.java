package io.manul.api.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The server's settings, as flags, environment and configuration file gave them (k3s names, K3S.md 1.2 to 1.4), with
 * defaults filled in and checked by the launcher. Constant while the JVM lives. Implemented by the updater.
 */
@ProviderType
public interface Settings {
    /** {@code --data-dir}: /var/lib/manul. */
    Path dataDir();

    /** Sockets and process state: /run/manul, or {@code DATA/run} when the data directory was moved. */
    Path runDir();

    /** Kubeconfig to write: /etc/manul/manul.yaml, or {@code DATA/manul.yaml} when the data directory was moved. */
    Path kubeconfig();

    /** File mode of the kubeconfig, e.g. 0600. */
    int kubeconfigMode();

    /** {@code --bind-address}: 0.0.0.0. */
    String bindAddress();

    /** {@code --https-listen-port}: 6443. */
    int httpsPort();

    /** Port of the kubelet's HTTPS endpoint: 10250. */
    int kubeletPort();

    /** Address that other nodes and pods reach this node by; of two families the first, both are {@code other("node-ip")}. */
    String nodeIp();

    /** {@code --node-name}: the host name, lower case. */
    String nodeName();

    Map<String, String> nodeLabels();

    /** Taints as {@code key=value:Effect}. */
    List<String> nodeTaints();

    List<String> tlsSans();

    /** {@code --cluster-cidr}: 10.42.0.0/16; for dual stack with an IPv6 network after a comma. */
    String clusterCidr();

    /** {@code --service-cidr}: 10.43.0.0/16; for dual stack with an IPv6 network after a comma. */
    String serviceCidr();

    /** {@code --cluster-dns}: 10.43.0.10. */
    String clusterDns();

    /** {@code --cluster-domain}: cluster.local. */
    String clusterDomain();

    /** {@code --service-node-port-range}, inclusive: 30000-32767. */
    int nodePortFirst();

    int nodePortLast();

    /** {@code --container-runtime-endpoint}: a CRI socket that somebody else runs; empty: containerd is started by us. */
    Optional<Path> containerRuntimeEndpoint();

    /** {@code --disable}: names of packaged components and manifests not wanted. */
    List<String> disable();

    boolean debug();

    /** Anything else that was set, by its long flag name without dashes; for rooms with a setting of their own. */
    Optional<String> other(String flag);

    /** Version of this distribution, e.g. {@code 0.1.0}. */
    String version();

    /** The folder that the launcher read bundles from. */
    Path home();
}
