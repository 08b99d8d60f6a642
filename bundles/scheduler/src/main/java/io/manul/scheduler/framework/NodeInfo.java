package io.manul.scheduler.framework;

import io.manul.scheduler.api.HostPort;
import io.manul.scheduler.api.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node with the pods on it and the sums of what they take, kept as they come and go. Belongs to the {@link World}: read
 * and written with its lock held.
 */
public final class NodeInfo {

    /** Null: pods name this node, and the node itself was not seen (yet, or any more). */
    private NodeFacts facts;
    private final String name;
    private final List<PodInfo> pods = new ArrayList<>();
    private final List<PodInfo> withAffinity = new ArrayList<>(0);
    private final List<PodInfo> withRequiredAnti = new ArrayList<>(0);
    private final List<HostPort> ports = new ArrayList<>(0);
    private long cpu;
    private long memory;
    private long ephemeral;
    private long scoredCpu;
    private long scoredMemory;
    private final Map<String, Long> extended = new HashMap<>(0);

    NodeInfo(String name) {
        this.name = name;
    }

    void facts(NodeFacts now) {
        facts = now;
    }

    public String name() {
        return name;
    }

    public NodeFacts facts() {
        return facts;
    }

    public Map<String, String> labels() {
        return facts.labels();
    }

    public List<PodInfo> pods() {
        return pods;
    }

    public List<PodInfo> withAffinity() {
        return withAffinity;
    }

    public List<PodInfo> withRequiredAntiAffinity() {
        return withRequiredAnti;
    }

    public List<HostPort> ports() {
        return ports;
    }

    public long cpu() {
        return cpu;
    }

    public long memory() {
        return memory;
    }

    public long ephemeral() {
        return ephemeral;
    }

    /** What is taken, where a container that asks for nothing counts with a little (see {@link Demand}). */
    public long scoredCpu() {
        return scoredCpu;
    }

    public long scoredMemory() {
        return scoredMemory;
    }

    public long extended(String resource) {
        return extended.isEmpty() ? 0 : extended.getOrDefault(resource, 0L);
    }

    public Resources requested() {
        return new Resources(cpu, memory, ephemeral, pods.size(), extended);
    }

    boolean unused() {
        return facts == null && pods.isEmpty();
    }

    /** Also for a try: what a rule would say if the pod were here; {@link #remove} takes it back. */
    public void add(PodInfo pod) {
        pods.add(pod);
        if (!pod.affinity().isNone()) {
            withAffinity.add(pod);
            if (!pod.affinity().requiredAnti().isEmpty()) {
                withRequiredAnti.add(pod);
            }
        }
        ports.addAll(pod.demand().ports());
        count(pod.demand(), 1);
    }

    public void remove(PodInfo pod) {
        for (int i = pods.size() - 1; i >= 0; i--) {
            PodInfo there = pods.get(i);
            if (there.id().uid().equals(pod.id().uid()) && there.key().equals(pod.key())) {
                pods.remove(i);
                withAffinity.remove(there);
                withRequiredAnti.remove(there);
                there.demand().ports().forEach(ports::remove);
                count(there.demand(), -1);
                return;
            }
        }
    }

    private void count(Demand d, int sign) {
        Resources r = d.requests();
        cpu += sign * r.milliCpu();
        memory += sign * r.memoryBytes();
        ephemeral += sign * r.ephemeralBytes();
        scoredCpu += sign * d.scoredCpu();
        scoredMemory += sign * d.scoredMemory();
        if (!r.extended().isEmpty()) {
            r.extended().forEach((k, v) -> extended.merge(k, sign * v, Long::sum));
        }
    }
}
