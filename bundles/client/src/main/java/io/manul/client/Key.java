package io.manul.client;

/** Namespace (empty for cluster-scoped kinds) and name. */
public record Key(String namespace, String name) implements Comparable<Key> {
    public static Key of(io.manul.json.Obj object) {
        return new Key(object.namespace(), object.name());
    }

    @Override
    public int compareTo(Key o) {
        int byNamespace = namespace.compareTo(o.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(o.name);
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
