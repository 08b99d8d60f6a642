package io.manul.apiserver.spi;

/**
 * What is asked for (Kubernetes, "Authorization", request attributes).
 *
 * @param verb        get, list, watch, create, update, patch, delete, deletecollection, ...; for a path the lower-case method
 * @param subresource empty for none
 * @param namespace   empty for cluster-scoped or all namespaces
 * @param name        empty when no object is named
 * @param path        the URL path
 * @param resourceRequest false for a non-resource URL
 * @param fields      what a list, watch or deletecollection is limited to (KEP-4601)
 */
public record Attributes(User user, String verb, String group, String version, String resource, String subresource,
        String namespace, String name, String path, boolean resourceRequest, FieldSelector fields) {

    /** Not limited by fields. */
    public Attributes(User user, String verb, String group, String version, String resource, String subresource, String namespace, String name,
            String path, boolean resourceRequest) {
        this(user, verb, group, version, resource, subresource, namespace, name, path, resourceRequest, FieldSelector.ALL);
    }
}
