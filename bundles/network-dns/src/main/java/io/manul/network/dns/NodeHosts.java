package io.manul.network.dns;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The text of key NodeHosts in ConfigMap kube-system/coredns, as k3s keeps it: a line with address and name for each node. Pure. */
final class NodeHosts {

    /** Seconds, as the hosts plugin of k3s's Corefile says. */
    static final int TTL = 60;

    private NodeHosts() {
    }

    /** What is kept of a Node. */
    static Obj kept(Obj node) {
        return Obj.of("metadata", Obj.of("name", node.name(), "uid", node.uid(), "resourceVersion", node.resourceVersion()),
                "status", Obj.of("addresses", node.get("status", "addresses")));
    }

    /** {@code ADDRESS NAME}, sorted. */
    static Set<String> lines(List<Obj> nodes) {
        Set<String> out = new TreeSet<>();
        for (Obj node : nodes) {
            Set<String> names = new TreeSet<>(Set.of(node.name()));
            for (Obj a : node.objects("status", "addresses")) {
                if (a.text("type").equals("Hostname")) {
                    names.add(a.text("address"));
                }
            }
            for (Obj a : node.objects("status", "addresses")) {
                if (a.text("type").equals("InternalIP")) {
                    names.forEach(n -> out.add(a.text("address") + " " + n));
                }
            }
        }
        return out;
    }

    /** Lines of others stay; those for nodes that are there, or are gone, are ours. */
    static String merged(String before, Set<String> lines, Set<String> gone) {
        Set<String> ours = new HashSet<>(gone);
        lines.forEach(l -> ours.add(l.substring(l.indexOf(' ') + 1)));
        List<String> out = new ArrayList<>();
        before.lines().forEach(l -> {
            String[] words = l.strip().split("\\s+");
            if (!(words.length == 2 && ours.contains(words[1])) && !l.isBlank()) {
                out.add(l);
            }
        });
        out.addAll(lines);
        return out.isEmpty() ? "" : String.join("\n", out) + "\n";
    }
}
