package io.manul.apiserver.auth.admission;

import java.util.Set;

/** Which labels a kubelet may put on its Node (Kubernetes, "Well-Known Labels", "NodeRestriction"; KEP-279). */
final class NodeLabels {

    private static final Set<String> KUBELET = Set.of("kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch",
            "beta.kubernetes.io/os", "beta.kubernetes.io/arch", "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type",
            "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.beta.kubernetes.io/region");

    private NodeLabels() {
    }

    /** Never the node's to change: workloads are isolated by them. */
    static boolean restricted(String label) {
        return within(domain(label), "node-restriction.kubernetes.io");
    }

    /** Kubernetes' own, and none of those that kubelets set. */
    static boolean reserved(String label) {
        String domain = domain(label);
        return (within(domain, "kubernetes.io") || within(domain, "k8s.io")) && !KUBELET.contains(label)
                && !within(domain, "kubelet.kubernetes.io") && !within(domain, "node.kubernetes.io");
    }

    private static String domain(String label) {
        return label.contains("/") ? label.substring(0, label.indexOf('/')) : "";
    }

    private static boolean within(String domain, String of) {
        return domain.equals(of) || domain.endsWith("." + of);
    }
}
