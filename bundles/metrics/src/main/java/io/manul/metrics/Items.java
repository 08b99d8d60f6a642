package io.manul.metrics;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** NodeMetrics and PodMetrics out of samples (metrics.k8s.io/v1beta1). Pure. */
final class Items {

    private static final Duration YOUNG = Duration.ofMinutes(1);
    static final String VERSION = "metrics.k8s.io/v1beta1";

    private Items() {
    }

    static Optional<Obj> node(Obj node, Map<String, Scraper.Pair> pairs, Instant now) {
        Scraper.Pair p = pairs.get(node.name());
        return p == null ? Optional.empty() : p.now().since(p.before(), "").map(r -> item("NodeMetrics", node, p, now).put("usage", usage(r)));
    }

    /** A pod that runs, with all of its containers; as metrics-server one that lacks a container is left out. */
    static Optional<Obj> pod(Obj pod, Map<String, Scraper.Pair> pairs, Instant now) {
        Scraper.Pair p = pairs.get(pod.text("spec", "nodeName"));
        if (p == null || !pod.text("status", "phase").equals("Running")) {
            return Optional.empty();
        }
        List<Obj> containers = new ArrayList<>();
        for (Obj c : running(pod)) {
            Optional<Sample.Rate> rate = p.now().since(p.before(), Sample.key(pod.uid(), c.text("name")));
            if (rate.isEmpty()) {
                return Optional.empty();
            }
            containers.add(Obj.of("name", c.text("name"), "usage", usage(rate.get())));
        }
        return containers.isEmpty() ? Optional.empty() : Optional.of(item("PodMetrics", pod, p, now).put("containers", containers));
    }

    /** It runs, and not for long. */
    static boolean young(Obj pod, Instant now) {
        return pod.text("status", "phase").equals("Running") && !running(pod).isEmpty()
                && pod.objects("status", "containerStatuses").stream().map(s -> s.text("state", "running", "startedAt")).filter(t -> !t.isEmpty())
                        .anyMatch(t -> Instant.parse(t).isAfter(now.minus(YOUNG)));
    }

    private static List<Obj> running(Obj pod) {
        List<Obj> all = new ArrayList<>(pod.objects("spec", "containers"));
        pod.objects("spec", "initContainers").stream().filter(c -> c.text("restartPolicy").equals("Always")).forEach(all::add);
        List<String> runs = new ArrayList<>();
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            pod.objects("status", list).stream().filter(s -> s.has("state", "running")).forEach(s -> runs.add(s.text("name")));
        }
        return all.stream().filter(c -> runs.contains(c.text("name"))).toList();
    }

    private static Obj item(String kind, Obj of, Scraper.Pair p, Instant now) {
        Obj metadata = Obj.of("name", of.name(), "namespace", of.namespace().isEmpty() ? null : of.namespace(), "creationTimestamp",
                now.truncatedTo(ChronoUnit.SECONDS).toString(), "labels", of.labels().isEmpty() ? null : of.get("metadata", "labels"));
        return Obj.of("kind", kind, "apiVersion", VERSION, "metadata", metadata, "timestamp",
                p.now().at().truncatedTo(ChronoUnit.SECONDS).toString(), "window", window(p.window()));
    }

    private static Obj usage(Sample.Rate r) {
        return Obj.of("cpu", r.nanoCores() == 0 ? "0" : r.nanoCores() + "n", "memory", r.memory() / 1024 + "Ki");
    }

    /** Go's form of a duration. */
    private static String window(Duration d) {
        long minutes = d.toMinutes();
        String seconds = String.format(Locale.ROOT, "%.3f", d.minusMinutes(minutes).toMillis() / 1e3).replaceAll("\\.?0+$", "");
        return (minutes > 0 ? minutes + "m" : "") + (seconds.isEmpty() ? "0" : seconds) + "s";
    }
}
