package io.manul.kubelet.pod;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.model.Requests;
import io.manul.model.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether this node takes a pod that was bound to it (Kubernetes, kubelet admission, "GeneralPredicates"): its node selector
 * and affinity, host ports, resources. One pod after the other, so that two do not take the same place. Safe from any thread.
 */
public final class Admission {

    private static final String REJECTED = "Pod was rejected: ";

    /** Pods taken by this kubelet: what they ask for is used. */
    private final Set<String> taken = new HashSet<>();

    /**
     * @param runs the pod has something in the runtime: it was taken before, by a kubelet that was here then
     * @param all  pods of this node
     * @param node empty while it is not known: then only pods are held against pods
     * @return {@code reason} and {@code message} of its refusal, which is final
     */
    synchronized Optional<Obj> refusal(Pod pod, boolean runs, List<Pod> all, Obj node) {
        taken.retainAll(all.stream().map(Pod::uid).toList());
        if (runs || taken.contains(pod.uid())) {
            taken.add(pod.uid());
            return Optional.empty();
        }
        List<Pod> others = all.stream().filter(p -> taken.contains(p.uid()) && !p.over()).toList();
        Optional<Obj> refusal = why(pod, others, node);
        if (refusal.isEmpty()) {
            taken.add(pod.uid());
        }
        return refusal;
    }

    /** What the pod asks for and this kubelet has not, rather than running it without. */
    static Optional<String> unable(Pod pod) {
        if (Boolean.FALSE.equals(pod.spec().get("hostUsers"))) {
            return Optional.of("user namespaces (hostUsers: false) are not supported by this kubelet yet");
        }
        return pod.spec().string("runtimeClassName").filter(c -> !c.isEmpty())
                .map(c -> "RuntimeClass \"" + c + "\": runtime classes are not supported by this kubelet yet");
    }

    private static Optional<Obj> why(Pod pod, List<Pod> others, Obj node) {
        Optional<String> sysctl = Sysctls.forbidden(pod);
        if (sysctl.isPresent()) {
            return refused("SysctlForbidden", sysctl.get());
        }
        if (!node.isEmpty() && !fits(pod, node)) {
            return refused("NodeAffinity", "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
        }
        if (conflict(pod, others)) {
            return refused("NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
        }
        return lack(pod, others, node.at("status", "allocatable"));
    }

    private static boolean fits(Pod pod, Obj node) {
        List<Obj> terms = pod.spec().objects("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms");
        return Selector.of(pod.spec().stringMap("nodeSelector")).matches(node.labels())
                && (terms.isEmpty() || terms.stream().anyMatch(t -> Selector.termMatches(t, node.labels(), node.name())));
    }

    /** Port, protocol and address on the host; an empty address is every one. */
    private record HostPort(long port, String protocol, String ip) {

        boolean meets(HostPort o) {
            return port == o.port && protocol.equals(o.protocol) && (any(ip) || any(o.ip) || ip.equals(o.ip));
        }

        private static boolean any(String ip) {
            return ip.isEmpty() || ip.equals("0.0.0.0") || ip.equals("::");
        }
    }

    private static List<HostPort> ports(Pod pod) {
        List<HostPort> out = new ArrayList<>();
        pod.containers().forEach(c -> c.objects("ports").forEach(p -> p.number("hostPort").ifPresent(
                n -> out.add(new HostPort(n, p.string("protocol").orElse("TCP"), p.text("hostIP"))))));
        return out;
    }

    private static boolean conflict(Pod pod, List<Pod> others) {
        List<HostPort> wanted = ports(pod);
        return !wanted.isEmpty() && others.stream().flatMap(o -> ports(o).stream()).anyMatch(o -> wanted.stream().anyMatch(o::meets));
    }

    private static Optional<Obj> lack(Pod pod, List<Pod> others, Obj allocatable) {
        if (allocatable.isEmpty()) {
            return Optional.empty();
        }
        for (Map.Entry<String, Long> wanted : Requests.of(pod).entrySet()) {
            String name = wanted.getKey();
            long capacity = Requests.amount(name, allocatable.get(name));
            long used = others.stream().mapToLong(o -> Requests.of(o).getOrDefault(name, 0L)).sum();
            if (wanted.getValue() > 0 && used + wanted.getValue() > capacity) {
                return refused("OutOf" + name, "Node didn't have enough resource: " + name + ", requested: " + wanted.getValue() + ", used: " + used
                        + ", capacity: " + capacity);
            }
        }
        return Optional.empty();
    }

    private static Optional<Obj> refused(String reason, String message) {
        return Optional.of(Obj.of("reason", reason, "message", REJECTED + message));
    }

    /** The event of a refusal; only the status says that the pod was rejected. */
    static String told(Obj refusal) {
        String message = refusal.text("message");
        return message.startsWith(REJECTED) ? message.substring(REJECTED.length()) : message;
    }
}
