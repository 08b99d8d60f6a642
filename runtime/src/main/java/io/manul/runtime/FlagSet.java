package io.manul.runtime;

import io.manul.runtime.Flag.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flags of one command.
 *
 * @param command        {@code manul server}
 * @param withoutMeaning flags of k3s that mean nothing here, each with why: accepted with a warning
 */
record FlagSet(String command, String purpose, List<Flag> flags, Map<String, String> withoutMeaning) {

    static final FlagSet SERVER = new FlagSet("manul server", "runs a Kubernetes server and node", List.of(
            new Flag("config", "c", Kind.TEXT, "CONFIG_FILE", "/etc/manul/config.yaml", "configuration file; drop-ins in FILE.d/*.yaml"),
            new Flag("data-dir", "d", Kind.TEXT, "DATA_DIR", "/var/lib/manul", "where everything is kept"),
            new Flag("bind-address", "", Kind.TEXT, "", "0.0.0.0", "address that the API listens on"),
            new Flag("https-listen-port", "", Kind.TEXT, "", "6443", "port of the API"),
            new Flag("kubelet-port", "", Kind.TEXT, "", "10250", "port of the kubelet"),
            new Flag("node-ip", "i", Kind.TEXT, "NODE_IP", "", "address of this node (default: that of the default route)"),
            new Flag("node-name", "", Kind.TEXT, "NODE_NAME", "", "name of this node (default: the host name)"),
            new Flag("node-label", "", Kind.LIST, "", "", "label KEY=VALUE set when the node registers"),
            new Flag("node-taint", "", Kind.LIST, "", "", "taint KEY=VALUE:EFFECT set when the node registers"),
            new Flag("tls-san", "", Kind.LIST, "", "", "further name or address in the API's certificate"),
            new Flag("cluster-cidr", "", Kind.TEXT, "", "10.42.0.0/16", "network of the pods"),
            new Flag("service-cidr", "", Kind.TEXT, "", "10.43.0.0/16", "network of the Services"),
            new Flag("service-node-port-range", "", Kind.TEXT, "", "30000-32767", "ports for NodePort Services"),
            new Flag("cluster-dns", "", Kind.TEXT, "", "", "address of the cluster DNS (default: the tenth of the service network)"),
            new Flag("cluster-domain", "", Kind.TEXT, "", "cluster.local", "domain of the cluster"),
            new Flag("token", "t", Kind.TEXT, "TOKEN", "", "password with which nodes join (default: made at the first start, in DATA/server/token)"),
            new Flag("token-file", "", Kind.TEXT, "TOKEN_FILE", "", "file with the token"),
            new Flag("agent-token", "", Kind.TEXT, "AGENT_TOKEN", "", "password with which agents, not servers, join (default: the token)"),
            new Flag("agent-token-file", "", Kind.TEXT, "AGENT_TOKEN_FILE", "", "file with the agents' token"),
            new Flag("flannel-backend", "", Kind.TEXT, "", "vxlan", "how packets between nodes' pods travel: vxlan, host-gw, none (another network plug-in)"),
            new Flag("flannel-iface", "", Kind.TEXT, "", "", "network interface that they leave by (default: that of the node's address)"),
            new Flag("flannel-external-ip", "", Kind.SWITCH, "", "false", "nodes reach each other by their external addresses"),
            new Flag("flannel-ipv6-masq", "", Kind.SWITCH, "", "false", "masquerade IPv6 of pods that leaves the pod network"),
            new Flag("node-external-ip", "", Kind.TEXT, "NODE_EXTERNAL_IP", "", "address of this node from outside"),
            new Flag("write-kubeconfig", "o", Kind.TEXT, "KUBECONFIG_OUTPUT", "/etc/manul/manul.yaml", "where to write the admin's kubeconfig"),
            new Flag("write-kubeconfig-mode", "", Kind.TEXT, "KUBECONFIG_MODE", "600", "its file mode"),
            new Flag("container-runtime-endpoint", "", Kind.TEXT, "", "", "CRI socket of a container runtime that runs already"),
            new Flag("heartbeat", "", Kind.TEXT, "", "mqtt", "how the node's heartbeats travel: mqtt, or lease (straight to the API)"),
            new Flag("mqtt-endpoint", "", Kind.TEXT, "", "", "external MQTT broker, host:port (default: the embedded one)"),
            new Flag("mqtt-listen-port", "", Kind.TEXT, "", "8883", "port of the embedded MQTT broker"),
            new Flag("cni-bridge", "", Kind.TEXT, "", "cni0", "name of the pod bridge"),
            new Flag("resolv-conf", "", Kind.TEXT, "RESOLV_CONF", "/etc/resolv.conf", "file that names the node's DNS servers"),
            new Flag("disable-network-policy", "", Kind.SWITCH, "", "false", "network policies are not enforced"),
            new Flag("disable-helm-controller", "", Kind.SWITCH, "", "false", "HelmCharts are not installed"),
            new Flag("ingress-http-port", "", Kind.TEXT, "", "80", "port of this node that Ingresses are served at"),
            new Flag("ingress-https-port", "", Kind.TEXT, "", "443", "the same, with TLS"),
            new Flag("default-local-storage-path", "", Kind.TEXT, "", "", "where local-path volumes lie (default: DATA/storage)"),
            new Flag("disable", "", Kind.LIST, "", "", "packaged component or manifest that is not wanted"),
            new Flag("kube-scheduler-arg", "", Kind.LIST, "", "", "argument of the scheduler: config=FILE, a KubeSchedulerConfiguration"),
            new Flag("secrets-encryption", "", Kind.SWITCH, "SECRETS_ENCRYPTION", "false", "not there yet: refused"),
            new Flag("debug", "", Kind.SWITCH, "DEBUG", "false", "log more")), Map.ofEntries(
            why("helm-job-image", "charts are rendered in process, no image is used"),
            why("disable-cloud-controller", "there is no cloud controller"),
            why("embedded-registry", "the embedded registry is not there yet"),
            why("egress-selector-mode", "pods are reached directly"),
            why("snapshotter", "overlayfs is used"),
            why("selinux", "SELinux is not supported yet"),
            why("protect-kernel-defaults", "kernel settings are not checked yet"),
            why("prefer-bundled-bin", "the programs of the system are used"),
            why("kine-tls", "the datastore has no network port"),
            why("etcd-disable-snapshots", "there is no etcd"),
            why("v", "use --debug"),
            why("vmodule", "use --debug"),
            why("alsologtostderr", "the log goes to standard error")));

    static final FlagSet AGENT = new FlagSet("manul agent", "runs a node that joins a server", List.of(
            new Flag("config", "c", Kind.TEXT, "CONFIG_FILE", "/etc/manul/config.yaml", "configuration file; drop-ins in FILE.d/*.yaml"),
            new Flag("data-dir", "d", Kind.TEXT, "DATA_DIR", "/var/lib/manul", "where everything is kept"),
            new Flag("server", "s", Kind.TEXT, "URL", "", "server to join, https://HOST:6443"),
            new Flag("token", "t", Kind.TEXT, "TOKEN", "", "token of the server: its file server/node-token, or `manul token create`"),
            new Flag("token-file", "", Kind.TEXT, "TOKEN_FILE", "", "file with the token"),
            new Flag("node-name", "", Kind.TEXT, "NODE_NAME", "", "name of this node (default: the host name)"),
            new Flag("with-node-id", "", Kind.SWITCH, "", "false", "append an id of this machine to the node's name"),
            new Flag("node-ip", "i", Kind.TEXT, "NODE_IP", "", "address of this node (default: that of the default route)"),
            new Flag("node-external-ip", "", Kind.TEXT, "NODE_EXTERNAL_IP", "", "address of this node from outside"),
            new Flag("node-label", "", Kind.LIST, "", "", "label KEY=VALUE set when the node registers"),
            new Flag("node-taint", "", Kind.LIST, "", "", "taint KEY=VALUE:EFFECT set when the node registers"),
            new Flag("bind-address", "", Kind.TEXT, "", "127.0.0.1", "address that the kubelet listens on; servers reach it by the tunnel"),
            new Flag("kubelet-port", "", Kind.TEXT, "", "10250", "port of the kubelet"),
            new Flag("container-runtime-endpoint", "", Kind.TEXT, "", "", "CRI socket of a container runtime that runs already"),
            new Flag("flannel-iface", "", Kind.TEXT, "", "", "network interface that they leave by (default: that of the node's address)"),
            new Flag("cni-bridge", "", Kind.TEXT, "", "cni0", "name of the pod bridge"),
            new Flag("heartbeat", "", Kind.TEXT, "", "mqtt", "how the node's heartbeats travel: mqtt, or lease (straight to the API)"),
            new Flag("mqtt-endpoint", "", Kind.TEXT, "", "", "external MQTT broker, host:port (default: the embedded one)"),
            new Flag("resolv-conf", "", Kind.TEXT, "RESOLV_CONF", "/etc/resolv.conf", "file that names the node's DNS servers"),
            new Flag("disable-network-policy", "", Kind.SWITCH, "", "false", "network policies are not enforced"),
            new Flag("default-local-storage-path", "", Kind.TEXT, "", "", "where local-path volumes lie (default: DATA/storage)"),
            new Flag("disable", "", Kind.LIST, "", "", "packaged component or manifest that is not wanted"),
            new Flag("debug", "", Kind.SWITCH, "DEBUG", "false", "log more")), Map.ofEntries(
            why("lb-server-port", "rooms of this node reach the servers directly"),
            why("disable-apiserver-lb", "rooms of this node reach the servers directly"),
            why("flannel-conf", "the pod network is configured by its own flags"),
            why("snapshotter", "overlayfs is used"),
            why("selinux", "SELinux is not supported yet"),
            why("protect-kernel-defaults", "kernel settings are not checked yet"),
            why("prefer-bundled-bin", "the programs of the system are used"),
            why("v", "use --debug"),
            why("vmodule", "use --debug"),
            why("alsologtostderr", "the log goes to standard error")));

    private static Map.Entry<String, String> why(String name, String reason) {
        return Map.entry(name, reason);
    }

    Optional<Flag> find(String name) {
        return flags.stream().filter(f -> f.name().equals(name) || !f.shorts().isEmpty() && f.shorts().equals(name)).findFirst();
    }

    /** A flag of the other command: in a file that both read it is passed over. */
    boolean elsewhere(String name) {
        return List.of(SERVER, AGENT).stream().anyMatch(s -> s.find(name).isPresent() || s.withoutMeaning.containsKey(name));
    }

    /** The flag whose name is nearest, when one is near. */
    Optional<String> suggest(String name) {
        return flags.stream().map(Flag::name)
                .min(Comparator.comparingInt(n -> distance(n, name)))
                .filter(n -> distance(n, name) <= Math.max(2, name.length() / 3));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                row[j] = Math.min(Math.min(row[j], row[j - 1]) + 1,
                        diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
