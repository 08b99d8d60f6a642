package io.manul.network.policy;

import io.manul.client.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Policies, namespaces and pods as last seen, and what the table is to hold for them. A change of pods touches elements only.
 * The enforcer's thread, but for {@link #pod}.
 */
final class World {

    private final Map<Key, Policy> policies = new TreeMap<>();
    private final Map<String, Map<String, String>> namespaces = new HashMap<>();
    private final Map<Key, PodEntry> pods = new ConcurrentHashMap<>();
    /** Pods of this node by uid: their newest sandbox's addresses count, whatever their status says. In the order they came. */
    private final Map<String, List<String>> sandboxes = new LinkedHashMap<>();
    private final Policy.Matching matching = new Policy.Matching();
    private int sixes;
    /** A pod of this node changed. */
    private boolean touched = true;
    private Rules rules = new Rules(List.of(), false);
    private final Map<String, Elements> sets = new TreeMap<>();

    /** What a pod of this node is judged by: chains of their own and the elements that lead there. */
    final Map<String, String> groups = new TreeMap<>();
    final Map<String, TreeMap<String, String>> maps = new TreeMap<>();
    final Map<String, TreeMap<String, String>> selves = new TreeMap<>();

    boolean empty() {
        return policies.isEmpty();
    }

    /** From any thread. */
    Optional<PodEntry> pod(Key key) {
        return Optional.ofNullable(pods.get(key));
    }

    java.util.Collection<Policy> policies() {
        return policies.values();
    }

    Map<String, Map<String, String>> namespaces() {
        return namespaces;
    }

    java.util.stream.Stream<PodEntry> pods() {
        return pods.values().stream();
    }

    Map<String, List<String>> sandboxes() {
        return sandboxes;
    }

    Map<String, String> policyChains() {
        return rules.chains;
    }

    Map<String, Rules.Filling> fillings() {
        return rules.sets;
    }

    Elements elements(String set) {
        return sets.get(set);
    }

    /** Nothing but policies and sandboxes is known any more. */
    void forgetPods() {
        pods.clear();
        namespaces.clear();
        sets.clear();
        sixes = 0;
        rebuild(false);
        locals();
    }

    void take(Pending news) {
        sandboxes.keySet().removeAll(news.gone);
        news.sandboxes.forEach((uid, ips) -> {
            sandboxes.remove(uid);
            sandboxes.put(uid, ips);
        });
        boolean relabelled = namespaces(news);
        boolean anew = !news.policies.isEmpty();
        news.policies.forEach((k, p) -> p.ifPresentOrElse(v -> policies.put(k, v), () -> policies.remove(k)));
        boolean six = sixes > 0;
        news.pods.forEach((k, p) -> pod(k, p.map(this::placed).orElse(null), !relabelled));
        pods.values().stream().filter(p -> news.sandboxes.containsKey(p.uid())).toList().forEach(p -> pod(p.key(), placed(p), !relabelled));
        if (anew || relabelled || six != sixes > 0) {
            rebuild(relabelled);
        }
        if (anew || relabelled || touched || !news.sandboxes.isEmpty()) {
            locals();
        }
        touched = false;
    }

    private boolean namespaces(Pending news) {
        boolean changed = false;
        for (Map.Entry<String, Optional<Map<String, String>>> e : news.namespaces.entrySet()) {
            Map<String, String> before = e.getValue().isPresent() ? namespaces.put(e.getKey(), e.getValue().get()) : namespaces.remove(e.getKey());
            changed |= !e.getValue().equals(Optional.ofNullable(before));
        }
        return changed;
    }

    private PodEntry placed(PodEntry pod) {
        List<String> ips = pod.here() ? sandboxes.get(pod.uid()) : null;
        return ips == null ? pod : pod.at(ips);
    }

    private void pod(Key key, PodEntry now, boolean fill) {
        PodEntry before = now == null ? pods.remove(key) : pods.put(key, now);
        if (java.util.Objects.equals(before, now)) {
            return;
        }
        touched |= before != null && before.here() || now != null && now.here();
        sixes += (now != null && !now.six().isEmpty() ? 1 : 0) - (before != null && !before.six().isEmpty() ? 1 : 0);
        if (fill) {
            rules.sets.forEach((name, filling) -> {
                Elements set = sets.get(name);
                of(filling, before).forEach(set::remove);
                of(filling, now).forEach(set::add);
            });
        }
    }

    /** The elements that a pod puts into a set. */
    private List<String> of(Rules.Filling filling, PodEntry pod) {
        if (pod == null || pod.addresses(filling.six()).isEmpty()
                || !filling.peers().match(pod, namespaces.getOrDefault(pod.key().namespace(), Map.of()), matching)) {
            return List.of();
        }
        if (filling.name().isEmpty()) {
            return pod.addresses(filling.six());
        }
        List<String> out = new ArrayList<>();
        for (PodEntry.Named port : pod.ports()) {
            if (port.name().equals(filling.name()) && port.protocol().equals(filling.protocol())) {
                pod.addresses(filling.six()).forEach(a -> out.add(a + " . " + port.number()));
            }
        }
        return out;
    }

    /** @param all sets are filled anew, not only those that are new */
    private void rebuild(boolean all) {
        rules = new Rules(policies.values(), sixes > 0);
        sets.keySet().retainAll(rules.sets.keySet());
        rules.sets.forEach((name, filling) -> {
            boolean there = sets.containsKey(name);
            if (all || !there) {
                Map<String, Integer> next = new HashMap<>();
                pods.values().forEach(p -> of(filling, p).forEach(e -> next.merge(e, 1, Integer::sum)));
                sets.computeIfAbsent(name, n -> new Elements()).become(next);
            }
        });
    }

    private void locals() {
        groups.clear();
        for (String map : Frame.MAPS) {
            maps.put(map, new TreeMap<>());
        }
        selves.put("self4", new TreeMap<>());
        selves.put("self6", new TreeMap<>());
        List<PodEntry> here = new ArrayList<>(pods.values().stream().filter(PodEntry::here).toList());
        // of two that claim one address the newest sandbox has it
        List<String> order = List.copyOf(sandboxes.keySet());
        here.sort(java.util.Comparator.<PodEntry>comparingInt(p -> order.indexOf(p.uid())).thenComparing(PodEntry::key));
        here.forEach(this::local);
    }

    private void local(PodEntry pod) {
        Map<String, String> labels = namespaces.getOrDefault(pod.key().namespace(), Map.of());
        List<Policy> selecting = policies.values().stream().filter(p -> p.selects().match(pod, labels, matching)).toList();
        place(pod, selecting.stream().filter(Policy::ingress).toList(), true);
        place(pod, selecting.stream().filter(Policy::egress).toList(), false);
    }

    private void place(PodEntry pod, List<Policy> by, boolean ingress) {
        String group = by.isEmpty() ? "" : group(by, ingress);
        for (boolean six : new boolean[] {false, true}) {
            for (String ip : pod.addresses(six)) {
                String map = (ingress ? "ingress" : "egress") + (six ? "6" : "4");
                if (group.isEmpty()) {
                    maps.get(map).remove(ip);
                } else {
                    maps.get(map).put(ip, "goto " + group);
                    selves.get(six ? "self6" : "self4").put(ip + " . " + ip, "");
                }
            }
        }
    }

    private String group(List<Policy> by, boolean ingress) {
        StringBuilder text = new StringBuilder();
        for (Policy p : by) {
            String said = p.key().toString();
            text.append("jump ").append(Rules.chain(p, ingress)).append(" comment \"")
                    .append(said.length() > 120 ? said.substring(0, 120) : said).append("\"\n");
        }
        text.append("drop");
        String name = (ingress ? "to-" : "from-") + Rules.id(text.toString());
        groups.put(name, text.toString());
        return name;
    }
}
