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

    /** A reference to an owner. @param blocks the owner's deletion in the foreground waits for this dependent */
    record Owner(String uid, String group, String kind, String name, boolean blocks) {

        private static Owner of(Obj reference) {
            String version = reference.text("apiVersion");
            return new Owner(reference.text("uid"), version.contains("/") ? version.substring(0, version.indexOf('/')) : "",
                    reference.text("kind"), reference.text("name"), reference.flag("blockOwnerDeletion"));
        }

        static List<Owner> all(Obj object) {
            return object.objects("metadata", "ownerReferences").stream().map(Owner::of).toList();
        }

        /** Of any version: {@code group/kind}. */
        String groupKind() {
            return group + "/" + kind;
        }
    }

    /** @param foreground waits for its dependents @param orphan lets them go */
    record Node(Resource resource, Key key, String uid, List<Owner> owners, boolean deleting, boolean foreground, boolean orphan) {

        static Node of(Resource resource, Obj object) {
            List<String> finalizers = object.strings("metadata", "finalizers");
            return new Node(resource, Key.of(object), object.uid(), Owner.all(object), object.deleting(), finalizers.contains("foregroundDeletion"),
                    finalizers.contains("orphan"));
        }

        boolean ownedBy(String owner) {
            return owners.stream().anyMatch(o -> o.uid.equals(owner));
        }

        /** It goes, and its dependents first. */
        boolean deletingDependents() {
            return deleting && foreground;
        }
    }

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    /** @return whether that is news to the graph */
    synchronized boolean put(Node node) {
        Node before = nodes.put(node.uid, node);
        if (node.equals(before)) {
            return false;
        }
        unlink(before);
        node.owners.forEach(o -> dependents.computeIfAbsent(o.uid, u -> new HashSet<>()).add(node.uid));
        return true;
    }

    synchronized void remove(String uid) {
        unlink(nodes.remove(uid));
    }

    private void unlink(Node node) {
        if (node != null) {
            for (Owner o : node.owners) {
                Set<String> of = dependents.get(o.uid);
                if (of != null && of.remove(node.uid) && of.isEmpty()) {
                    dependents.remove(o.uid);
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

    /** The uids of what has an owner of one of these kinds ({@code group/kind}). */
    synchronized List<String> ownedByKinds(Set<String> kinds) {
        return nodes.values().stream().filter(n -> n.owners.stream().anyMatch(o -> kinds.contains(o.groupKind()))).map(Node::uid).toList();
    }

    /** Everything of a resource that is no longer served. */
    synchronized void removeAll(Resource resource) {
        nodes.values().stream().filter(n -> n.resource.equals(resource)).map(Node::uid).toList().forEach(this::remove);
    }
}
