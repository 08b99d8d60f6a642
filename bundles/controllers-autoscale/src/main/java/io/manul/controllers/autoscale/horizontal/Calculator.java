package io.manul.controllers.autoscale.horizontal;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many replicas a metric asks for (Kubernetes, "Horizontal Pod Autoscaling", Algorithm details): pods that are going or failed
 * do not count; pods without a sample are assumed to damp the change; pods that are not ready count as idle when it goes up.
 * Amounts are in thousandths. Pure.
 */
final class Calculator {

    /** After its start a pod's CPU is not typical for so long. */
    private static final Duration CPU_INITIALIZATION = Duration.ofMinutes(5);
    /** A pod that became not ready within this time of its start was never ready. */
    private static final Duration INITIAL_READINESS = Duration.ofSeconds(30);

    /** Ratios of use to target this near to 1 change nothing. */
    record Tolerance(double down, double up) {

        boolean within(double ratio) {
            return 1.0 - down <= ratio && ratio <= 1.0 + up;
        }
    }

    /** @param utilization percent; 0 where the target is no percentage; @param average for a pod */
    record Result(long replicas, long utilization, long average) {
    }

    private record Groups(int ready, Set<String> unready, Set<String> missing, Set<String> ignored) {
    }

    /** Average and the ratio to its target. */
    private record Use(double ratio, long utilization, long average) {
    }

    /** Of samples to a use. */
    private interface Measure {
        Use of(Map<String, Metrics.Sample> samples) throws Unable;
    }

    private Calculator() {
    }

    /** A percentage of what the pods request. */
    static Result utilization(long current, long target, String resource, String container, Tolerance tolerance, List<Obj> pods,
            Map<String, Metrics.Sample> samples, Instant now) throws Unable {
        Map<String, Metrics.Sample> left = counted(pods, samples, resource, now);
        Map<String, Long> requests = requests(pods, container, resource);
        Map<String, Long> fallback = new HashMap<>();
        requests.forEach((pod, r) -> fallback.put(pod, r * Math.max(100, target) / 100));
        return replicas(current, tolerance, groups(pods, samples, resource, now), left, s -> utilizationOf(s, requests, target), fallback);
    }

    /** A plain average. @param resource empty for a custom metric */
    static Result average(long current, long target, String resource, Tolerance tolerance, List<Obj> pods, Map<String,
            Metrics.Sample> samples,
            Instant now) throws Unable {
        Map<String, Metrics.Sample> left = counted(pods, samples, resource, now);
        Map<String, Long> fallback = new HashMap<>();
        pods.forEach(p -> fallback.put(p.name(), target));
        return replicas(current, tolerance, groups(pods, samples, resource, now), left, s -> averageOf(s, target), fallback);
    }

    private static Map<String, Metrics.Sample> counted(List<Obj> pods, Map<String, Metrics.Sample> samples, String resource,
            Instant now) throws Unable {
        if (pods.isEmpty()) {
            throw new Unable("no pods returned by selector while calculating replica count");
        }
        Groups g = groups(pods, samples, resource, now);
        Map<String, Metrics.Sample> left = new HashMap<>(samples);
        left.keySet().removeAll(g.ignored());
        left.keySet().removeAll(g.unready());
        if (left.isEmpty()) {
            throw new Unable("did not receive metrics for targeted pods (pods might be unready)");
        }
        return left;
    }

    /** @param fallback what a pod without a sample is assumed to use, when it goes down */
    private static Result replicas(long current, Tolerance tolerance, Groups g, Map<String, Metrics.Sample> samples, Measure measure,
            Map<String, Long> fallback) throws Unable {
        Use use = measure.of(samples);
        double ratio = use.ratio();
        boolean upWithUnready = !g.unready().isEmpty() && ratio > 1.0;
        if (!upWithUnready && g.missing().isEmpty()) {
            return result(tolerance.within(ratio) ? current : ceil(ratio * g.ready()), use);
        }
        for (String pod : g.missing()) {
            if (ratio != 1.0) {
                samples.put(pod, assumed(ratio < 1.0 ? fallback.getOrDefault(pod, 0L) : 0));
            }
        }
        if (upWithUnready) {
            g.unready().forEach(pod -> samples.put(pod, assumed(0)));
        }
        double damped = measure.of(samples).ratio();
        if (tolerance.within(damped) || ratio < 1.0 && damped > 1.0 || ratio > 1.0 && damped < 1.0) {
            return result(current, use);
        }
        long wanted = ceil(damped * samples.size());
        boolean against = damped < 1.0 && wanted > current || damped > 1.0 && wanted < current;
        return result(against ? current : wanted, use);
    }

    private static Metrics.Sample assumed(long value) {
        return new Metrics.Sample(Instant.EPOCH, Duration.ZERO, value);
    }

    private static Result result(long replicas, Use use) {
        return new Result(replicas, use.utilization(), use.average());
    }

    static long ceil(double replicas) {
        return (long) Math.min(Integer.MAX_VALUE, Math.ceil(replicas));
    }

    private static Use utilizationOf(Map<String, Metrics.Sample> samples, Map<String, Long> requests, long target) throws Unable {
        long used = 0;
        long requested = 0;
        int n = 0;
        for (Map.Entry<String, Metrics.Sample> e : samples.entrySet()) {
            Long request = requests.get(e.getKey());
            if (request != null) {
                used += e.getValue().value();
                requested += request;
                n++;
            }
        }
        if (requested == 0) {
            throw new Unable("no metrics returned matched known pods");
        }
        long percent = used * 100 / requested;
        return new Use((double) percent / target, percent, used / n);
    }

    private static Use averageOf(Map<String, Metrics.Sample> samples, long target) {
        long average = samples.values().stream().mapToLong(Metrics.Sample::value).sum() / samples.size();
        return new Use((double) average / target, 0, average);
    }

    private static Groups groups(List<Obj> pods, Map<String, Metrics.Sample> samples, String resource, Instant now) {
        int ready = 0;
        Groups g = new Groups(0, new HashSet<>(), new HashSet<>(), new HashSet<>());
        for (Obj pod : pods) {
            String phase = pod.text("status", "phase");
            Metrics.Sample sample = samples.get(pod.name());
            if (pod.deleting() || phase.equals("Failed")) {
                g.ignored.add(pod.name());
            } else if (phase.equals("Pending")) {
                g.unready.add(pod.name());
            } else if (sample == null) {
                g.missing.add(pod.name());
            } else if (resource.equals("cpu") && startsStill(pod, sample, now)) {
                g.unready.add(pod.name());
            } else {
                ready++;
            }
        }
        return new Groups(ready, g.unready, g.missing, g.ignored);
    }

    /** Its CPU says nothing yet: it warms up, or was never ready. */
    private static boolean startsStill(Obj pod, Metrics.Sample sample, Instant now) {
        Optional<Obj> ready = pod.objects("status", "conditions").stream().filter(c -> c.text("type").equals("Ready")).findFirst();
        String start = pod.text("status", "startTime");
        if (ready.isEmpty() || start.isEmpty()) {
            return true;
        }
        boolean no = ready.get().text("status").equals("False");
        Instant began = Instant.parse(start);
        Instant since = ready.get().string("lastTransitionTime").map(Instant::parse).orElse(Instant.EPOCH);
        if (began.plus(CPU_INITIALIZATION).isAfter(now)) {
            return no || sample.time().isBefore(since.plus(sample.window()));
        }
        return no && began.plus(INITIAL_READINESS).isAfter(since);
    }

    /** In thousandths, by pod. */
    private static Map<String, Long> requests(List<Obj> pods, String container, String resource) throws Unable {
        Map<String, Long> out = new HashMap<>();
        for (Obj pod : pods) {
            out.put(pod.name(), container.isEmpty() && pod.has("spec", "resources", "requests") ? ofPod(pod, resource) : ofContainers(pod,
                    container, resource));
        }
        return out;
    }

    private static long ofPod(Obj pod, String resource) throws Unable {
        if (!pod.has("spec", "resources", "requests", resource)) {
            return ofContainers(pod, "", resource);
        }
        return Quantity.millis(pod.get("spec", "resources", "requests", resource));
    }

    private static long ofContainers(Obj pod, String container, String resource) throws Unable {
        List<Obj> all = pod.objects("spec", "containers");
        pod.objects("spec", "initContainers").stream().filter(c -> c.text("restartPolicy").equals("Always")).forEach(all::add);
        long sum = 0;
        for (Obj c : all) {
            boolean named = c.text("name").equals(container);
            if (container.isEmpty() || named) {
                if (!c.has("resources", "requests", resource)) {
                    throw new Unable("missing request for " + resource + " in container " + c.text("name") + " of Pod " + pod.name());
                }
                sum += Quantity.millis(c.get("resources", "requests", resource));
            }
            if (named) {
                return sum;
            }
        }
        if (!container.isEmpty()) {
            throw new Unable("container " + container + " not found in Pod " + pod.name());
        }
        return sum;
    }
}
