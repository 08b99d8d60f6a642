package io.manul.model.quota;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a pod takes while it lives: one of pods, and what it asks for and may use at most. */
public final class PodUsage {

    /** Of these a quota demands that every container names them. */
    private static final Set<String> DEMANDED = Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

    private PodUsage() {
    }

    /** False once it ended, and when it should have been gone by now (its node may be lost). */
    static boolean alive(Obj pod, Instant now) {
        String phase = pod.text("status", "phase");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return false;
        }
        return until(pod).map(end -> !now.isAfter(end)).orElse(true);
    }

    /** So long a pod that is being deleted takes what it took, when it does not go before: as upstream, its grace period once more. */
    public static Optional<Instant> until(Obj pod) {
        OptionalLong grace = pod.number("metadata", "deletionGracePeriodSeconds");
        return pod.deleting() && grace.isPresent()
                ? Optional.of(Instant.parse(pod.text("metadata", "deletionTimestamp")).plusSeconds(grace.getAsLong())) : Optional.empty();
    }

    static void add(Obj pod, Map<String, Amount> all) {
        computed(sum(pod, "requests"), sum(pod, "limits"), all);
    }

    private static void computed(Map<String, Amount> requests, Map<String, Amount> limits, Map<String, Amount> all) {
        all.put("pods", Amount.ONE);
        requests.forEach((name, amount) -> {
            if (Set.of("cpu", "memory", "ephemeral-storage").contains(name) || name.startsWith("hugepages-")) {
                all.put(name, amount);
                all.put("requests." + name, amount);
            } else if (name.contains("/") && !name.contains("kubernetes.io/")) {
                all.put("requests." + name, amount);
            }
        });
        limits.forEach((name, amount) -> {
            if (Set.of("cpu", "memory", "ephemeral-storage").contains(name)) {
                all.put("limits." + name, amount);
            }
        });
    }

    /** The larger of the containers with their sidecars, and any init container with the sidecars before it; the pod's own goes first. */
    private static Map<String, Amount> sum(Obj pod, String which) {
        Map<String, Amount> all = new TreeMap<>();
        Map<String, Amount> sidecars = new TreeMap<>();
        Map<String, Amount> starting = new TreeMap<>();
        pod.objects("spec", "containers").forEach(c -> plus(all, c.at("resources", which)));
        for (Obj init : pod.objects("spec", "initContainers")) {
            Map<String, Amount> now = new TreeMap<>(sidecars);
            plus(now, init.at("resources", which));
            if (init.text("restartPolicy").equals("Always")) {
                plus(all, init.at("resources", which));
                sidecars = now;
            }
            now.forEach((name, amount) -> starting.merge(name, amount, Amount::most));
        }
        starting.forEach((name, amount) -> all.merge(name, amount, Amount::most));
        all.putAll(Amount.list(pod.at("spec", "resources", which).map()));
        Amount.list(pod.at("spec", "overhead").map()).forEach((name, amount) -> {
            if (which.equals("requests") || all.containsKey(name)) {
                all.merge(name, amount, Amount::plus);
            }
        });
        return all;
    }

    private static void plus(Map<String, Amount> to, Obj amounts) {
        Amount.list(amounts.map()).forEach((name, amount) -> to.merge(name, amount, Amount::plus));
    }

    /** What the pod's containers must name for a quota and do not: {@code limits.cpu for: a,b; memory for: a}; empty when nothing. */
    public static String missing(Obj pod, Set<String> names) {
        if (!pod.at("spec", "resources").isEmpty()) {
            return "";
        }
        List<Obj> containers = new ArrayList<>(pod.objects("spec", "containers"));
        containers.addAll(pod.objects("spec", "initContainers"));
        Map<String, Set<String>> missing = new TreeMap<>();
        for (Obj c : containers) {
            Map<String, Amount> named = new TreeMap<>();
            computed(Amount.list(c.at("resources", "requests").map()), Amount.list(c.at("resources", "limits").map()), named);
            names.stream().filter(n -> DEMANDED.contains(n) && !named.containsKey(n))
                    .forEach(n -> missing.computeIfAbsent(n, k -> new TreeSet<>()).add(c.text("name")));
        }
        return String.join("; ", missing.entrySet().stream().map(e -> e.getKey() + " for: " + String.join(",", e.getValue())).toList());
    }
}
