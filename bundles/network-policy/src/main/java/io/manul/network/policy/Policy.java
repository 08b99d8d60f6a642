package io.manul.network.policy;

import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A NetworkPolicy (networking.k8s.io/v1), read. @param ingress,egress whether it isolates in that direction */
record Policy(Key key, String uid, long generation, Peers selects, boolean ingress, boolean egress, List<Rule> in, List<Rule> out, byte[] text) {

    /** @param peers empty: everybody @param ports empty: everything */
    record Rule(List<Peers> peers, List<Block> blocks, List<Port> ports, boolean anybody) {
    }

    /** {@code ipBlock}. */
    record Block(Cidr cidr, List<Cidr> except) {
    }

    /** @param first 0: the protocol only, or by name @param name empty: by number */
    record Port(String protocol, int first, int last, String name) {
    }

    /** Pods by their namespace and labels; equal ones share a set. @param namespace empty: by namespaces' labels @param id of the text */
    record Peers(String namespace, String namespaces, String pods) {
        boolean match(PodEntry pod, java.util.Map<String, String> namespaceLabels, Matching matching) {
            return (namespaces.isEmpty() ? pod.key().namespace().equals(namespace) : matching.of(namespaces).matches(namespaceLabels))
                    && matching.of(pods).matches(pod.labels());
        }
    }

    /** Selectors, each parsed once. */
    static final class Matching {
        private final java.util.Map<String, Selector> parsed = new java.util.HashMap<>();

        Selector of(String text) {
            return parsed.computeIfAbsent(text, t -> Selector.of(Obj.parse(t)));
        }
    }

    static Policy of(Obj policy) {
        Obj spec = policy.at("spec");
        String namespace = policy.namespace();
        List<String> types = spec.strings("policyTypes");
        boolean egress = types.isEmpty() ? !spec.objects("egress").isEmpty() : types.contains("Egress");
        return new Policy(Key.of(policy), policy.uid(), policy.number("metadata", "generation").orElse(0),
                new Peers(namespace, "", spec.at("podSelector").toString()), types.isEmpty() || types.contains("Ingress"), egress,
                rules(spec.objects("ingress"), "from", namespace), rules(spec.objects("egress"), "to", namespace),
                Obj.of("metadata", Obj.of("name", policy.name(), "namespace", namespace, "uid", policy.uid(), "generation",
                        policy.number("metadata", "generation").orElse(0)), "spec", spec).bytes());
    }

    /** As it was read, without what does not matter here. */
    Obj object() {
        return Obj.parse(text);
    }

    private static List<Rule> rules(List<Obj> rules, String side, String namespace) {
        List<Rule> out = new ArrayList<>();
        for (Obj r : rules) {
            List<Peers> peers = new ArrayList<>();
            List<Block> blocks = new ArrayList<>();
            for (Obj p : r.objects(side)) {
                if (p.has("ipBlock")) {
                    Cidr.parse(p.text("ipBlock", "cidr")).ifPresent(c -> blocks.add(new Block(c,
                            p.strings("ipBlock", "except").stream().flatMap(e -> Cidr.parse(e).stream()).toList())));
                } else {
                    peers.add(new Peers(p.has("namespaceSelector") ? "" : namespace,
                            p.has("namespaceSelector") ? p.at("namespaceSelector").toString() : "", p.at("podSelector").toString()));
                }
            }
            out.add(new Rule(List.copyOf(peers), List.copyOf(blocks), ports(r), r.objects(side).isEmpty()));
        }
        return List.copyOf(out);
    }

    private static List<Port> ports(Obj rule) {
        List<Port> out = new ArrayList<>();
        for (Obj p : rule.objects("ports")) {
            String protocol = p.string("protocol").orElse("TCP").toLowerCase(Locale.ROOT);
            int first = (int) p.number("port").orElse(0);
            out.add(new Port(protocol, first, (int) p.number("endPort").orElse(first), p.text("port")));
        }
        return List.copyOf(out);
    }
}
