package io.manul.network.dns;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;

/** The objects that the cluster DNS has in the API, named as k3s's. */
final class Objects {

    static final String NAMESPACE = "kube-system";
    static final String SERVICE = "kube-dns";
    static final String CONFIG = "coredns";
    static final String CUSTOM = "coredns-custom";
    /** Says that every node answers at the Service's address itself. */
    static final String LABEL = "manul.io/dns";

    private Objects() {
    }

    static boolean ours(Obj object) {
        return "node".equals(object.labels().get(LABEL));
    }

    /** Without k3s's scrape annotations: nothing answers at the port metrics yet. */
    static Obj service(String address) {
        return Obj.of("apiVersion", "v1", "kind", "Service", "metadata", Obj.of("name", SERVICE, "namespace", NAMESPACE,
                "labels", Obj.of("k8s-app", "kube-dns", "kubernetes.io/cluster-service", "true", "kubernetes.io/name", "CoreDNS", LABEL, "node")),
                "spec", Obj.of("clusterIP", address, "ports", ports()));
    }

    static List<Obj> ports() {
        return List.of(port("dns", 53, "UDP"), port("dns-tcp", 53, "TCP"), port("metrics", 9153, "TCP"));
    }

    private static Obj port(String name, int number, String protocol) {
        return Obj.of("name", name, "port", number, "protocol", protocol, "targetPort", number);
    }

    static Obj config(String hosts) {
        return Obj.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Obj.of("name", CONFIG, "namespace", NAMESPACE,
                "labels", Obj.of(LABEL, "node")), "data", Obj.of("NodeHosts", hosts));
    }

    /** Of a ConfigMap what is looked at: all of ours and of the custom one, nothing of others. */
    static Obj kept(Obj map) {
        Obj out = Obj.of("metadata", Obj.of("name", map.name(), "namespace", map.namespace(), "uid", map.uid(),
                "resourceVersion", map.resourceVersion()));
        if (map.name().equals(CONFIG) || map.name().equals(CUSTOM)) {
            out.put("data", map.get("data"));
        }
        return out;
    }

    /** Values of a ConfigMap by key. */
    static Map<String, String> data(Obj map) {
        return map.stringMap("data");
    }
}
