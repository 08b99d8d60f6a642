package io.manul.kubelet.stats;

import io.manul.json.Obj;
import io.manul.kubelet.cgroup.Usage;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** {@code /stats/summary} (Kubernetes, kubelet/pkg/apis/stats/v1alpha1). */
final class Summary {

    private final Reading reading;
    private final Rates rates;
    private final String node;
    private final Path data;
    private final long capacity;
    private final boolean little;
    private final String time;

    /** @param capacity memory of the machine in bytes @param little cpu and memory only */
    Summary(Reading reading, Rates rates, String node, Path data, long capacity, boolean little) {
        this.reading = reading;
        this.rates = rates;
        this.node = node;
        this.data = data;
        this.capacity = capacity;
        this.little = little;
        this.time = time(reading.at());
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    Obj object(Instant booted) throws IOException {
        Obj out = Obj.of("nodeName", node, "startTime", time(booted), "cpu", cpu("", reading.node()), "memory", memory(reading.node(), capacity));
        List<Obj> system = new ArrayList<>();
        reading.root().ifPresent(u -> system.add(Obj.of("name", "pods", "startTime", time(booted), "cpu", cpu("/", u), "memory", memory(u, capacity))));
        out.put("systemContainers", system);
        if (!little) {
            Obj fs = fs();
            out.put("network", reading.network().summary(time)).put("fs", fs).put("runtime", Obj.of("imageFs", fs.copy(), "containerFs", fs.copy()));
        }
        List<Obj> pods = new ArrayList<>();
        for (Reading.OfPod p : reading.pods()) {
            pods.add(pod(p));
        }
        return Obj.of("node", out, "pods", pods);
    }

    private Obj pod(Reading.OfPod p) {
        List<Obj> containers = p.containers().stream().map(c -> Obj.of("name", c.name(), "startTime", time(c.started()), "cpu",
                cpu(c.group(), c.usage()), "memory", memory(c.usage(), c.usage().limit()), "swap", swap(c.usage()))).toList();
        Obj out = Obj.of("podRef", Obj.of("name", p.name(), "namespace", p.namespace(), "uid", p.uid()), "startTime", time(p.started()),
                "containers", containers);
        p.usage().ifPresent(u -> {
            out.put("cpu", cpu(p.group(), u)).put("memory", memory(u, u.limit())).put("swap", swap(u));
            if (u.processes() != Usage.NONE) {
                out.put("process_stats", Obj.of("process_count", u.processes()));
            }
        });
        if (!little) {
            p.network().ifPresent(n -> out.put("network", n.summary(time)));
        }
        return out;
    }

    private Obj cpu(String key, Usage u) {
        Obj out = Obj.of("time", time);
        rates.nanoCores(key).ifPresent(n -> out.put("usageNanoCores", n));
        return out.put("usageCoreNanoSeconds", u.cpu());
    }

    private Obj memory(Usage u, long limit) {
        Obj out = Obj.of("time", time);
        if (limit > 0 && u.workingSet() != Usage.NONE) {
            out.put("availableBytes", Math.max(0, limit - u.workingSet()));
        }
        put(out, "usageBytes", u.memory());
        put(out, "workingSetBytes", u.workingSet());
        put(out, "rssBytes", u.rss());
        put(out, "pageFaults", u.faults());
        put(out, "majorPageFaults", u.majorFaults());
        return out;
    }

    private Obj swap(Usage u) {
        Obj out = Obj.of("time", time);
        put(out, "swapUsageBytes", u.swap());
        return out;
    }

    private static void put(Obj out, String key, long value) {
        if (value != Usage.NONE) {
            out.put(key, value);
        }
    }

    private Obj fs() throws IOException {
        FileStore store = Files.getFileStore(data);
        return Obj.of("time", time, "availableBytes", store.getUsableSpace(), "capacityBytes", store.getTotalSpace(), "usedBytes",
                store.getTotalSpace() - store.getUnallocatedSpace());
    }
}
