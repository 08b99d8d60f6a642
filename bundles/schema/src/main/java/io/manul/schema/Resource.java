package io.manul.schema;

import java.util.List;
import java.util.Optional;

/**
 * One resource of one group and version, as discovery lists it.
 *
 * @param group empty for core
 * @param listKind empty where the resource cannot be listed
 * @param verbs as in discovery: create, delete, deletecollection, get, list, patch, update, watch
 * @param type name of the kind's {@link Type}; empty where it has none here (kinds that custom resources bring)
 * @param storageVersionHash empty where nothing is stored
 */
public record Resource(String group, String version, String plural, String singular, String kind, String listKind,
        boolean namespaced, List<String> verbs, List<String> shortNames, List<String> categories,
        List<Subresource> subresources, String type, String storageVersionHash) {

    public Resource {
        verbs = List.copyOf(verbs);
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        subresources = List.copyOf(subresources);
    }

    /** As {@code apiVersion} has it: {@code v1}, {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As messages and RBAC name it: {@code pods}, {@code deployments.apps}. */
    public String groupResource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    public GroupVersionKind groupVersionKind() {
        return new GroupVersionKind(group, version, kind);
    }

    public Optional<Subresource> subresource(String name) {
        return subresources.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public boolean allows(String verb) {
        return verbs.contains(verb);
    }
}
