package io.manul.kubelet.runtime;

/** Labels and annotations that the kubelet puts on sandboxes and containers (Kubernetes, kubelet's well-known CRI labels). */
public final class Labels {
    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String CONTAINER = "io.kubernetes.container.name";

    public static final String HASH = "io.kubernetes.container.hash";
    public static final String RESTARTS = "io.kubernetes.container.restartCount";
    public static final String MESSAGE_PATH = "io.kubernetes.container.terminationMessagePath";
    public static final String MESSAGE_POLICY = "io.kubernetes.container.terminationMessagePolicy";
    public static final String GRACE = "io.kubernetes.pod.terminationGracePeriod";

    private Labels() {
    }
}
