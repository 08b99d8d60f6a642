package io.manul.scheduler.framework;

import io.manul.client.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Every node with what is on it, kept by changes of nodes and pods; a pod that was just given a node is assumed there until
 * the watch shows it. One lock for all of it: held by the loop for the milliseconds of a cycle, and by whoever brings a change.
 */
public final class World {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, NodeInfo> byName = new LinkedHashMap<>();
    private final Map<Key, PodInfo> placed = new HashMap<>();
    /** Pods that others make room for, by the node where. */
    private final Map<String, Map<Key, PodInfo>> nominated = new HashMap<>();
    private final Map<Key, String> nominatedTo = new HashMap<>();
    /** Nodes in the order of trial: zone by zone in turn. Null: to be made anew. */
    private List<NodeInfo> order;
    private int withAffinity;
    private int withRequiredAnti;
    private final Map<Key, Integer> claimUsers = new HashMap<>();
    private long imageNodesAt = -1;
    private long nodeChanges;
    private final Map<String, Integer> imageNodes = new HashMap<>();

    public ReentrantLock lock() {
        return lock;
    }

    /** @return the node's facts before, or null */
    public NodeFacts node(NodeFacts facts) {
        NodeInfo n = byName.computeIfAbsent(facts.name(), NodeInfo::new);
        NodeFacts before = n.facts();
        n.facts(facts);
        nodeChanges++;
        if (before == null || !before.zone().equals(facts.zone())) {
            order = null;
        }
        return before;
    }

    public NodeFacts nodeGone(String name) {
        NodeInfo n = byName.get(name);
        if (n == null) {
            return null;
        }
        NodeFacts before = n.facts();
        n.facts(null);
        nodeChanges++;
        order = null;
        drop(n);
        return before;
    }

    private void drop(NodeInfo n) {
        if (n.unused()) {
            byName.remove(n.name());
        }
    }

    /** A pod that has its node, seen or assumed: in place of what was known of it. @return what was known, or null */
    public PodInfo place(PodInfo pod) {
        PodInfo before = remove(pod.key());
        NodeInfo n = byName.computeIfAbsent(pod.standing().node(), NodeInfo::new);
        n.add(pod);
        placed.put(pod.key(), pod);
        count(pod, 1);
        return before;
    }

    /** @return the pod that was there, or null */
    public PodInfo remove(Key key) {
        PodInfo pod = placed.remove(key);
        if (pod != null) {
            NodeInfo n = byName.get(pod.standing().node());
            n.remove(pod);
            count(pod, -1);
            drop(n);
        }
        return pod;
    }

    private void count(PodInfo pod, int sign) {
        withAffinity += pod.affinity().isNone() ? 0 : sign;
        withRequiredAnti += pod.affinity().requiredAnti().isEmpty() ? 0 : sign;
        pod.claims().forEach(c -> claimUsers.merge(new Key(pod.key().namespace(), c), sign, (a, b) -> a + b == 0 ? null : a + b));
    }

    public PodInfo placed(Key key) {
        return placed.get(key);
    }

    public NodeInfo node(String name) {
        NodeInfo n = byName.get(name);
        return n == null || n.facts() == null ? null : n;
    }

    /** All nodes that are there, zones in turn. */
    public List<NodeInfo> nodes() {
        if (order == null) {
            order = inTurn();
        }
        return order;
    }

    private List<NodeInfo> inTurn() {
        Map<String, List<NodeInfo>> zones = new LinkedHashMap<>();
        byName.values().stream().filter(n -> n.facts() != null)
                .forEach(n -> zones.computeIfAbsent(n.facts().zone(), z -> new ArrayList<>()).add(n));
        List<NodeInfo> all = new ArrayList<>();
        int longest = zones.values().stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (List<NodeInfo> zone : zones.values()) {
                if (i < zone.size()) {
                    all.add(zone.get(i));
                }
            }
        }
        return all;
    }

    public boolean anyAffinity() {
        return withAffinity > 0;
    }

    public boolean anyRequiredAntiAffinity() {
        return withRequiredAnti > 0;
    }

    /** How many pods with a node use a claim. */
    public int users(Key claim) {
        return claimUsers.getOrDefault(claim, 0);
    }

    /** How many nodes have an image. */
    public int nodesWithImage(String image) {
        if (imageNodesAt != nodeChanges) {
            imageNodes.clear();
            nodes().forEach(n -> n.facts().images().keySet().forEach(i -> imageNodes.merge(i, 1, Integer::sum)));
            imageNodesAt = nodeChanges;
        }
        return imageNodes.getOrDefault(image, 0);
    }

    /** Room is made for the pod there; an empty node: no longer. */
    public void nominate(PodInfo pod, String node) {
        denominate(pod.key());
        if (!node.isEmpty()) {
            nominated.computeIfAbsent(node, n -> new LinkedHashMap<>()).put(pod.key(), pod);
            nominatedTo.put(pod.key(), node);
        }
    }

    public void denominate(Key key) {
        String node = nominatedTo.remove(key);
        if (node != null) {
            Map<Key, PodInfo> there = nominated.get(node);
            there.remove(key);
            if (there.isEmpty()) {
                nominated.remove(node);
            }
        }
    }

    public List<PodInfo> nominatedTo(String node) {
        Map<Key, PodInfo> there = nominated.get(node);
        return there == null ? List.of() : new ArrayList<>(there.values());
    }

    public String nomination(Key key) {
        return nominatedTo.getOrDefault(key, "");
    }
}
