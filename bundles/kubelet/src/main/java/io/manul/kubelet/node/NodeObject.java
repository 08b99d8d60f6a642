package io.manul.kubelet.node;

import io.manul.api.settings.Settings;
import io.manul.cri.oci.OciArchive;
import io.manul.json.Obj;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Node as this kubelet wants it (API reference, Node). Reads the machine, writes nothing. */
final class NodeObject {

    static final int PODS = 110;
    private static final String KUBERNETES = "v1.36.2";
    private static final long KEPT_MEMORY = 100L << 20;

    private final Settings settings;
    private final Machine machine;

    NodeObject(Settings settings, Machine machine) {
        this.settings = settings;
        this.machine = machine;
    }

    /** Of the version "0.1.0+x" only one '+' may stand in a semantic version: "v1.36.2+manul.0.1.0.x". */
    static String version(String manul) {
        return KUBERNETES + "+manul." + manul.replace('+', '.');
    }

    Map<String, String> labels() {
        String arch = OciArchive.architecture();
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("beta.kubernetes.io/arch", arch);
        labels.put("beta.kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", arch);
        labels.put("kubernetes.io/hostname", settings.nodeName());
        labels.put("kubernetes.io/os", "linux");
        if (settings.other("server").isEmpty()) { // whose server is elsewhere has no role, and no right to give itself one
            labels.put("node-role.kubernetes.io/control-plane", "true");
        }
        labels.putAll(settings.nodeLabels());
        return labels;
    }

    /** The object to register with: taints are set at registration only (NodeRestriction). */
    Obj fresh() {
        Obj node = Obj.of("apiVersion", "v1", "kind", "Node", "metadata", Obj.of("name", settings.nodeName(), "labels", Obj.of()),
                "spec", Obj.of());
        labels().forEach((k, v) -> node.set(v, "metadata", "labels", k));
        List<Obj> taints = settings.nodeTaints().stream().map(NodeObject::taint).toList();
        if (!taints.isEmpty()) {
            node.set(taints, "spec", "taints");
        }
        return node;
    }

    /** {@code key=value:Effect} or {@code key:Effect}. */
    static Obj taint(String text) {
        int colon = text.lastIndexOf(':');
        String head = colon < 0 ? text : text.substring(0, colon);
        int equals = head.indexOf('=');
        return Obj.of("key", equals < 0 ? head : head.substring(0, equals), "value", equals < 0 ? null : head.substring(equals + 1),
                "effect", colon < 0 ? "NoSchedule" : text.substring(colon + 1));
    }

    private List<Obj> addresses() {
        List<Obj> all = new java.util.ArrayList<>();
        for (String ip : settings.other("node-ip").orElse(settings.nodeIp()).split(",")) {
            all.add(Obj.of("type", "InternalIP", "address", ip.strip()));
        }
        for (String ip : settings.other("node-external-ip").orElse("").split(",")) {
            if (!ip.isBlank()) {
                all.add(Obj.of("type", "ExternalIP", "address", ip.strip()));
            }
        }
        all.add(Obj.of("type", "Hostname", "address", settings.nodeName()));
        return all;
    }

    /** The status without conditions and images. @param runtimeVersion {@code containerd://1.7.24} */
    Obj status(String runtimeVersion) throws IOException {
        int cpus = machine.cpus();
        long memory = machine.memory().total();
        long disk = machine.disk().total();
        Obj capacity = Obj.of("cpu", String.valueOf(cpus), "ephemeral-storage", disk / 1024 + "Ki", "hugepages-2Mi", "0",
                "memory", memory / 1024 + "Ki", "pods", String.valueOf(PODS));
        Obj allocatable = capacity.copy().put("ephemeral-storage", String.valueOf(disk / 100 * 95))
                .put("memory", Math.max(0, memory - KEPT_MEMORY) / 1024 + "Ki");
        String version = version(settings.version());
        return Obj.of("addresses", addresses(),
                "allocatable", allocatable, "capacity", capacity,
                "daemonEndpoints", Obj.of("kubeletEndpoint", Obj.of("Port", settings.kubeletPort())),
                "nodeInfo", Obj.of("architecture", OciArchive.architecture(), "bootID", machine.bootId(),
                        "containerRuntimeVersion", runtimeVersion, "kernelVersion", machine.kernel(),
                        "kubeProxyVersion", "", "kubeletVersion", version, "machineID", machine.machineId(),
                        "operatingSystem", "linux", "osImage", machine.osImage(), "systemUUID", machine.systemUuid()));
    }
}
