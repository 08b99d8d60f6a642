package io.manul.kubelet.status;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Observed;
import io.manul.kubelet.runtime.Sandbox;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The whole status of a pod (API reference, PodStatus). Pure: the same sight gives the same status. */
public final class PodStatuses {

    private PodStatuses() {
    }

    public static Obj of(Pod pod, Observed seen, Facts facts) {
        Obj old = pod.status();
        String phase = facts.failure().isPresent() ? "Failed"
                : pod.over() ? pod.phase() : Phase.of(pod, seen, facts.terminal());
        // over is a pod when nothing of it runs, a sidecar neither: until then it shows the phase that it had
        boolean held = Phase.over(phase) && !pod.over() && !seen.running().isEmpty();
        if (held) {
            phase = old.string("phase").orElse("Running");
        }
        List<Obj> inits = ContainerStatuses.of(pod, pod.initContainers(), old.objects("initContainerStatuses"), seen, facts);
        List<Obj> mains = ContainerStatuses.of(pod, pod.containers(), old.objects("containerStatuses"), seen, facts);
        Optional<Sandbox> sandbox = seen.readySandbox();
        boolean network = sandbox.isPresent() && (pod.hostNetwork() || !sandbox.get().ips().isEmpty());
        Obj out = Obj.of("phase", phase, "observedGeneration", pod.object().get("metadata", "generation"),
                "conditions", PodConditions.of(pod, phase, inits, mains, network, facts.now()),
                "hostIP", facts.hostIps().getFirst(), "hostIPs", addresses(facts.hostIps()),
                "startTime", old.string("startTime").orElseGet(() -> facts.now().truncatedTo(ChronoUnit.SECONDS).toString()),
                "qosClass", pod.qos());
        boolean refused = facts.failure().isPresent() && seen.nothing() && !old.has("containerStatuses");
        if (!refused) { // of a pod that was never begun there is nothing to say of its containers
            out.put("containerStatuses", mains).put("initContainerStatuses", inits.isEmpty() ? null : inits);
        }
        List<String> ips = ips(pod, sandbox, old, facts.hostIps());
        if (!ips.isEmpty()) {
            out.put("podIP", ips.getFirst()).put("podIPs", addresses(ips));
        }
        Obj why = held ? Obj.of() : facts.failure().orElse(pod.over() ? old : Obj.of());
        why.string("reason").ifPresent(r -> out.put("reason", r));
        why.string("message").ifPresent(m -> out.put("message", m));
        return out;
    }

    /** Of the sandbox that runs; once known the addresses stay in the status of a pod that is over. */
    private static List<String> ips(Pod pod, Optional<Sandbox> sandbox, Obj old, List<String> hostIps) {
        if (pod.hostNetwork()) {
            return sandbox.isPresent() || old.has("podIP") ? hostIps : List.of();
        }
        if (sandbox.isPresent()) {
            return sandbox.get().ips();
        }
        return old.objects("podIPs").stream().map(o -> o.text("ip")).toList();
    }

    private static List<Obj> addresses(List<String> ips) {
        return ips.stream().map(ip -> Obj.of("ip", ip)).toList();
    }

    /** What of the API's status must change: new values, and null for what goes. Empty when it is the same. */
    public static Obj difference(Obj old, Obj next) {
        Obj out = Obj.of();
        next.map().forEach((key, value) -> {
            if (!same(old.get(key), value)) {
                out.map().put(key, value);
            }
        });
        for (String key : List.of("podIP", "podIPs", "reason", "message")) {
            if (old.has(key) && !next.has(key)) {
                out.map().put(key, null);
            }
        }
        return out;
    }

    /**
     * The change as a strategic merge patch: of the conditions only those that changed, since others set theirs meanwhile; the
     * addresses, which would merge, as a whole.
     */
    public static Obj strategic(Obj old, Obj change) {
        Obj out = Obj.of();
        change.map().forEach((key, value) -> out.map().put(key, value == null ? null : switch (key) {
            case "conditions" -> changed(old.objects(key), change.objects(key));
            case "podIPs", "hostIPs" -> {
                List<Object> whole = new ArrayList<>(List.of(Map.of("$patch", "replace")));
                change.objects(key).forEach(o -> whole.add(o.map()));
                yield whole;
            }
            default -> value;
        }));
        return out;
    }

    /** With null for what a condition had and has no more. */
    private static List<Object> changed(List<Obj> before, List<Obj> next) {
        List<Object> out = new ArrayList<>();
        for (Obj c : next) {
            Obj old = before.stream().filter(b -> b.text("type").equals(c.text("type"))).findFirst().orElseGet(Obj::of);
            if (!same(old.map(), c.map())) {
                Obj item = c.copy();
                old.map().keySet().forEach(k -> item.map().putIfAbsent(k, null));
                out.add(item.map());
            }
        }
        return out;
    }

    /** The same JSON, whatever the order of keys; a null member is an absent one. */
    private static boolean same(Object a, Object b) {
        return java.util.Objects.equals(plain(a), plain(b));
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Obj o -> plain(o.map());
            case java.util.Map<?, ?> m -> {
                java.util.Map<Object, Object> c = new java.util.HashMap<>();
                m.forEach((k, v) -> {
                    Object p = plain(v);
                    if (p != null) {
                        c.put(k, p);
                    }
                });
                yield c;
            }
            case List<?> l -> l.stream().map(PodStatuses::plain).toList();
            case Integer i -> (long) i;
            case null, default -> value;
        };
    }
}
