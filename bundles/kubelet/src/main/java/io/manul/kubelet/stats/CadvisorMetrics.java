package io.manul.kubelet.stats;

import io.manul.kubelet.cgroup.Usage;
import java.time.Instant;
import java.util.Optional;

/** {@code /metrics/cadvisor}: the families that dashboards use, with cAdvisor's names and labels (cAdvisor, "Prometheus metrics"). */
final class CadvisorMetrics {

    private static final double NANO = 1e9;

    private final Exposition out;

    private CadvisorMetrics(Reading r) {
        out = new Exposition(r.at().toEpochMilli());
    }

    static String of(Reading r, int cores, long memory) {
        CadvisorMetrics m = new CadvisorMetrics(r);
        m.families();
        m.group(r.node(), r.at(), Optional.empty(), "container", "", "id", "/", "image", "", "name", "", "namespace", "", "pod", "");
        m.network(r.network(), "id", "/", "image", "", "name", "", "namespace", "", "pod", "");
        for (Reading.OfPod p : r.pods()) {
            p.usage().ifPresent(u -> m.group(u, r.at(), Optional.of(p.started()), "container", "", "id", p.group(), "image", "", "name", "",
                    "namespace", p.namespace(), "pod", p.name()));
            p.network().ifPresent(n -> m.network(n, "id", p.group(), "image", "", "name", "", "namespace", p.namespace(), "pod", p.name()));
            for (Reading.OfContainer c : p.containers()) {
                m.group(c.usage(), r.at(), Optional.of(c.started()), "container", c.name(), "id", c.group(), "image", c.image(), "name", c.id(),
                        "namespace", p.namespace(), "pod", p.name());
            }
        }
        m.out.family("machine_cpu_cores", "gauge", "Number of logical CPU cores.").sample("machine_cpu_cores", cores);
        m.out.family("machine_memory_bytes", "gauge", "Amount of memory installed on the machine.").sample("machine_memory_bytes", memory);
        return m.out.text();
    }

    private void families() {
        out.family("container_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed in seconds.")
                .family("container_cpu_user_seconds_total", "counter", "Cumulative user cpu time consumed in seconds.")
                .family("container_cpu_system_seconds_total", "counter", "Cumulative system cpu time consumed in seconds.")
                .family("container_cpu_cfs_periods_total", "counter", "Number of elapsed enforcement period intervals.")
                .family("container_cpu_cfs_throttled_periods_total", "counter", "Number of throttled period intervals.")
                .family("container_cpu_cfs_throttled_seconds_total", "counter", "Total time duration the container has been throttled.")
                .family("container_memory_usage_bytes", "gauge", "Current memory usage in bytes, including all memory regardless of when it was accessed")
                .family("container_memory_working_set_bytes", "gauge", "Current working set in bytes.")
                .family("container_memory_rss", "gauge", "Size of RSS in bytes.")
                .family("container_memory_cache", "gauge", "Number of bytes of page cache memory.")
                .family("container_memory_swap", "gauge", "Container swap usage in bytes.")
                .family("container_memory_failures_total", "counter", "Cumulative count of memory allocation failures.")
                .family("container_processes", "gauge", "Number of processes running inside the container.")
                .family("container_spec_memory_limit_bytes", "gauge", "Memory limit for the container.")
                .family("container_start_time_seconds", "gauge", "Start time of the container since unix epoch in seconds.")
                .family("container_last_seen", "gauge", "Last time a container was seen by the exporter");
        for (String way : new String[] {"receive", "transmit"}) {
            out.family("container_network_" + way + "_bytes_total", "counter", "Cumulative count of bytes " + way + "d")
                    .family("container_network_" + way + "_packets_total", "counter", "Cumulative count of packets " + way + "d")
                    .family("container_network_" + way + "_errors_total", "counter", "Cumulative count of errors encountered while " + way + "ing")
                    .family("container_network_" + way + "_packets_dropped_total", "counter", "Cumulative count of packets dropped while " + way + "ing");
        }
    }

    private void group(Usage u, Instant now, Optional<Instant> started, String... labels) {
        String[] total = new String[labels.length + 2];
        System.arraycopy(labels, 0, total, 0, 2);
        total[2] = "cpu";
        total[3] = "total";
        System.arraycopy(labels, 2, total, 4, labels.length - 2);
        out.sample("container_cpu_usage_seconds_total", u.cpu() / NANO, total);
        out.sample("container_cpu_user_seconds_total", u.user() / NANO, labels);
        out.sample("container_cpu_system_seconds_total", u.system() / NANO, labels);
        if (u.periods() > 0) {
            out.sample("container_cpu_cfs_periods_total", u.periods(), labels);
            out.sample("container_cpu_cfs_throttled_periods_total", u.throttled(), labels);
            out.sample("container_cpu_cfs_throttled_seconds_total", u.throttledNanos() / NANO, labels);
        }
        some("container_memory_usage_bytes", u.memory(), labels);
        some("container_memory_working_set_bytes", u.workingSet(), labels);
        some("container_memory_rss", u.rss(), labels);
        some("container_memory_cache", u.cache(), labels);
        some("container_memory_swap", u.swap(), labels);
        some("container_processes", u.processes(), labels);
        out.sample("container_spec_memory_limit_bytes", Math.max(0, u.limit()), labels);
        failures(u.faults(), "pgfault", labels);
        failures(u.majorFaults(), "pgmajfault", labels);
        started.ifPresent(s -> out.sample("container_start_time_seconds", s.getEpochSecond(), labels));
        out.sample("container_last_seen", now.getEpochSecond(), labels);
    }

    private void some(String name, long value, String... labels) {
        if (value != Usage.NONE) {
            out.sample(name, value, labels);
        }
    }

    private void failures(long value, String type, String... labels) {
        if (value != Usage.NONE) {
            String[] more = java.util.Arrays.copyOf(labels, labels.length + 4);
            more[labels.length] = "failure_type";
            more[labels.length + 1] = type;
            more[labels.length + 2] = "scope";
            more[labels.length + 3] = "container";
            out.sample("container_memory_failures_total", value, more);
        }
    }

    private void network(Network n, String... labels) {
        for (Network.Interface i : n.interfaces()) {
            String[] all = java.util.Arrays.copyOf(labels, labels.length + 2);
            all[labels.length] = "interface";
            all[labels.length + 1] = i.name();
            way("receive", i.received(), i.receivedPackets(), i.receiveErrors(), i.receiveDrops(), all);
            way("transmit", i.sent(), i.sentPackets(), i.sendErrors(), i.sendDrops(), all);
        }
    }

    private void way(String way, long bytes, long packets, long errors, long drops, String... labels) {
        out.sample("container_network_" + way + "_bytes_total", bytes, labels);
        out.sample("container_network_" + way + "_packets_total", packets, labels);
        out.sample("container_network_" + way + "_errors_total", errors, labels);
        out.sample("container_network_" + way + "_packets_dropped_total", drops, labels);
    }
}
