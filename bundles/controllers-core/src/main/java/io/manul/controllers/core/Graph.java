package io.manul.controllers.core;

import io.manul.client.Key;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who owns whom, by uid: only identities, owners and the flags that deletion asks for. Guarded by its monitor. */
final class Graph {

    /** @param owners uid, kind, name of each @param foreground waits for its dependents @param orphan lets them go */
    record Node(Resource resource, Key key, String uid, List<Obj> owners, boolean deleting, boolean foreground, boolean orphan) {
    }

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    synchronized void put(Resource resource, Obj object) {
        String uid = object.uid();
        unlink(nodes.get(uid));
        List<String> finalizers = object.strings("metadata", "finalizers");
        Node node = new Node(resource, Key.of(object), uid, owners(object), object.deleting(), finalizers.contains("foregroundDeletion"),
                finalizers.contains("orphan"));
        nodes.put(uid, node);
        node.owners.forEach(o -> dependents.computeIfAbsent(o.text("uid"), u -> new HashSet<>()).add(uid));
    }

    private static List<Obj> owners(Obj object) {
        return object.objects("metadata", "ownerReferences").stream().map(Obj::copy).toList();
    }

    /** @return the uids of its dependents */
    synchronized List<String> remove(String uid) {
        unlink(nodes.remove(uid));
        return new ArrayList<>(dependents.getOrDefault(uid, Set.of()));
    }

    private void unlink(Node node) {
        if (node != null) {
            for (Obj o : node.owners) {
                Set<String> of = dependents.get(o.text("uid"));
                if (of != null && of.remove(node.uid) && of.isEmpty()) {
                    dependents.remove(o.text("uid"));
                }
            }
        }
    }

    synchronized Optional<Node> get(String uid) {
        return Optional.ofNullable(nodes.get(uid));
    }

    synchronized List<Node> dependents(String uid) {
        List<Node> all = new ArrayList<>();
        for (String d : dependents.getOrDefault(uid, Set.of())) {
            Node n = nodes.get(d);
            if (n != null) {
                all.add(n);
            }
        }
        return all;
    }
}
