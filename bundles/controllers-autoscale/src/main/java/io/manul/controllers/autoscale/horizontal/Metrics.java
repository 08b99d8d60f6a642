package io.manul.controllers.autoscale.horizontal;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The three metrics APIs (Kubernetes, "Resource metrics pipeline"; k8s.io/metrics): metrics.k8s.io, custom.metrics.k8s.io and
 * external.metrics.k8s.io, asked each time by their paths. One that is not served is a message in the autoscaler's conditions.
 */
final class Metrics {

    /** What one pod uses, in thousandths. */
    record Sample(Instant time, Duration window, long value) {
    }

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Pattern DURATION = Pattern.compile("([0-9.]+)(h|ms|m|s|us|ns)");

    private final Cluster cluster;

    Metrics(Cluster cluster) {
        this.cluster = cluster;
    }

    /** By pod. @param container empty: all of a pod's containers */
    Map<String, Sample> resource(String resource, String namespace, String selector, String container) throws Unable, InterruptedException {
        List<Obj> items = items("resource", "/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods?labelSelector="
                + encode(selector));
        Map<String, Sample> out = new HashMap<>();
        for (Obj pod : items) {
            List<Obj> containers = pod.objects("containers").stream().filter(c -> container.isEmpty() || c.text("name")
                    .equals(container)).toList();
            if (!containers.isEmpty() && containers.stream().allMatch(c -> c.has("usage", resource))) {
                out.put(pod.name(), new Sample(time(pod), duration(pod.text("window")),
                        containers.stream().mapToLong(c -> Quantity.millis(c.get("usage", resource))).sum()));
            }
        }
        return out;
    }

    Map<String, Sample> pods(String metric, String namespace, String selector, String metricSelector) throws Unable, InterruptedException {
        List<Obj> items = items("custom", custom(namespace) + "/pods/*/" + encode(metric) + "?labelSelector=" + encode(selector)
                + more(metricSelector));
        Map<String, Sample> out = new HashMap<>();
        for (Obj m : items) {
            Duration window = m.has("windowSeconds") ? Duration.ofSeconds(m.number("windowSeconds").orElse(0)) : WINDOW;
            out.put(m.text("describedObject", "name"), new Sample(time(m), window, Quantity.millis(m.get("value"))));
        }
        return out;
    }

    /** @param path of the object below its namespace, "services/web", "deployments.apps/web"; empty: the namespace itself */
    long object(String metric, String namespace, String path, String metricSelector) throws Unable, InterruptedException {
        String at = custom(namespace) + (path.isEmpty() ? "/metrics/" : "/" + path + "/") + encode(metric);
        String query = more(metricSelector);
        return Quantity.millis(items("custom", at + (query.isEmpty() ? "" : "?" + query.substring(1))).getFirst().get("value"));
    }

    /** Of all the series that match. */
    long external(String metric, String namespace, String selector) throws Unable, InterruptedException {
        long sum = 0;
        for (Obj m : items("external", "/apis/external.metrics.k8s.io/v1beta1/namespaces/" + namespace + "/" + encode(metric)
                + (selector.isEmpty() ? "" : "?labelSelector=" + encode(selector)))) {
            long value = Quantity.millis(m.get("value"));
            sum = value > 0 && sum > Long.MAX_VALUE - value ? Long.MAX_VALUE : sum + value;
        }
        return sum;
    }

    /** v1beta2, and v1beta1 of adapters that serve only that. */
    private String custom(String namespace) throws Unable, InterruptedException {
        String version;
        try {
            version = cluster.raw("GET", "/apis/custom.metrics.k8s.io", null).text("preferredVersion", "version");
        } catch (ClusterException e) {
            if (!e.notFound()) {
                throw away("custom", e);
            }
            version = "v1beta2";
        }
        return "/apis/custom.metrics.k8s.io/" + (version.isEmpty() ? "v1beta2" : version) + "/namespaces/" + namespace;
    }

    private List<Obj> items(String api, String path) throws Unable, InterruptedException {
        List<Obj> items;
        try {
            items = cluster.raw("GET", path, null).objects("items");
        } catch (ClusterException e) {
            throw away(api, e);
        }
        if (items.isEmpty()) {
            throw new Unable("no metrics returned from " + api + " metrics API");
        }
        return items;
    }

    private static Unable away(String api, ClusterException e) {
        return new Unable("unable to fetch metrics from " + api + " metrics API: " + e.getMessage());
    }

    private static String more(String metricSelector) {
        return metricSelector.isEmpty() ? "" : "&metricLabelSelector=" + encode(metricSelector);
    }

    private static String encode(String s) {
        return URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Instant time(Obj of) {
        return of.string("timestamp").map(Instant::parse).orElse(Instant.EPOCH);
    }

    /** Go's form: {@code 1m30s}. */
    private static Duration duration(String text) {
        Matcher m = DURATION.matcher(text);
        double nanos = 0;
        while (m.find()) {
            nanos += Double.parseDouble(m.group(1)) * switch (m.group(2)) {
                case "h" -> 3600e9;
                case "m" -> 60e9;
                case "s" -> 1e9;
                case "ms" -> 1e6;
                case "us" -> 1e3;
                default -> 1;
            };
        }
        return Duration.ofNanos((long) nanos);
    }
}
