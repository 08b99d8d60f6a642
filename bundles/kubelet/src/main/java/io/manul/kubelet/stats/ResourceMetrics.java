package io.manul.kubelet.stats;

import io.manul.kubelet.cgroup.Usage;

/** {@code /metrics/resource} (Kubernetes, "Node metrics data", KEP-727): what autoscaling and {@code top} need, no more. */
final class ResourceMetrics {

    private static final double NANO = 1e9;

    private ResourceMetrics() {
    }

    static String of(Reading r) {
        Exposition out = new Exposition(r.at().toEpochMilli());
        out.family("container_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the container in core-seconds")
                .family("container_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the container in bytes")
                .family("container_start_time_seconds", "gauge", "[STABLE] Start time of the container since unix epoch in seconds")
                .family("container_swap_usage_bytes", "gauge", "[ALPHA] Current amount of the container swap usage in bytes. Reported only on non-windows systems")
                .family("node_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the node in core-seconds")
                .family("node_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the node in bytes")
                .family("node_swap_usage_bytes", "gauge", "[ALPHA] Current swap usage of the node in bytes. Reported only on non-windows systems")
                .family("pod_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the pod in core-seconds")
                .family("pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes")
                .family("pod_swap_usage_bytes", "gauge", "[ALPHA] Current amount of the pod swap usage in bytes. Reported only on non-windows systems");
        sample(out, "node", r.node());
        for (Reading.OfPod p : r.pods()) {
            p.usage().ifPresent(u -> sample(out, "pod", u, "namespace", p.namespace(), "pod", p.name()));
            for (Reading.OfContainer c : p.containers()) {
                String[] labels = {"container", c.name(), "namespace", p.namespace(), "pod", p.name()};
                sample(out, "container", c.usage(), labels);
                out.sample("container_start_time_seconds", c.started().toEpochMilli() / 1e3, labels);
            }
        }
        // no time stamp: it says how this scrape went
        return out.text() + "# HELP resource_scrape_error [STABLE] 1 if there was an error while getting container metrics, 0 otherwise\n"
                + "# TYPE resource_scrape_error gauge\nresource_scrape_error 0\n";
    }

    private static void sample(Exposition out, String of, Usage u, String... labels) {
        out.sample(of + "_cpu_usage_seconds_total", u.cpu() / NANO, labels);
        if (u.workingSet() != Usage.NONE) {
            out.sample(of + "_memory_working_set_bytes", u.workingSet(), labels);
        }
        if (u.swap() != Usage.NONE) {
            out.sample(of + "_swap_usage_bytes", u.swap(), labels);
        }
    }
}
