package io.manul.client;

/** A resource of one group and version; {@code group} is empty for the core group. */
public record Resource(String group, String version, String plural, String kind, boolean namespaced) {

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Path of the collection; an empty namespace means all of them. */
    public String path(String namespace) {
        String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        return namespaced && !namespace.isEmpty() ? root + "/namespaces/" + namespace + "/" + plural : root + "/" + plural;
    }

    /** Path of one object, or of a sub-resource of it when {@code sub} is not empty. */
    public String path(String namespace, String name, String sub) {
        String path = path(namespace) + "/" + name;
        return sub.isEmpty() ? path : path + "/" + sub;
    }
}
