package io.manul.network.policy;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pods of {@link PacketBed}, as informers tell them. */
final class Worlds {

    private Worlds() {
    }

    static Pending pods() {
        Pending p = new Pending();
        p.namespaces.put("x", Optional.of(Map.of("team", "x")));
        p.namespaces.put("y", Optional.of(Map.of("team", "y")));
        pod(p, "x", "a", Map.of("pod", "a"), "node", List.of());
        pod(p, "x", "b", Map.of("pod", "b"), "node", List.of(new PodEntry.Named("web", "tcp", 80), new PodEntry.Named("names", "udp", 53)));
        pod(p, "y", "c", Map.of("pod", "c"), "node", List.of(new PodEntry.Named("web", "tcp", 81)));
        Key host = new Key("y", "host");
        p.pods.put(host, Optional.of(new PodEntry(host, "uid-host", Map.of("pod", "host"), false, List.of(), List.of(), List.of())
                .at(List.of(PacketBed.FOUR.get("node")))));
        return p;
    }

    private static void pod(Pending p, String namespace, String name, Map<String, String> labels, String node, List<PodEntry.Named> ports) {
        Key key = new Key(namespace, name);
        p.pods.put(key, Optional.of(new PodEntry(key, "uid-" + name, labels, node.equals("node"), List.of(), List.of(), ports)
                .at(List.of(PacketBed.FOUR.get(name), PacketBed.SIX.get(name)))));
    }

    static Pending policy(Pending to, String json) {
        Policy policy = Policy.of(Obj.parse(json));
        to.policies.put(policy.key(), Optional.of(policy));
        return to;
    }
}
