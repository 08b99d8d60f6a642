package io.manul.apiserver.engine.store;

/** Datastore keys, laid out as upstream's: {@code /registry[/GROUP]/RESOURCE[/NAMESPACE]/NAME}. */
public final class Keys {

    private static final String ROOT = "/registry/";

    private Keys() {
    }

    /** Prefix of all objects of a resource, with a trailing slash. */
    public static String prefix(String group, String resource) {
        return group.isEmpty() ? ROOT + resource + "/" : ROOT + group + "/" + resource + "/";
    }

    /** @param namespace empty for all namespaces, or a cluster-scoped resource */
    public static String prefix(String group, String resource, String namespace) {
        String all = prefix(group, resource);
        return namespace.isEmpty() ? all : all + namespace + "/";
    }

    public static String key(String group, String resource, String namespace, String name) {
        return prefix(group, resource, namespace) + name;
    }

    /** The object's name, the last segment. */
    public static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** The object's namespace, of a key below {@code prefix(group, resource)}; empty for a cluster-scoped one. */
    public static String namespace(String key, String prefix) {
        int slash = key.indexOf('/', prefix.length());
        return slash < 0 ? "" : key.substring(prefix.length(), slash);
    }
}
