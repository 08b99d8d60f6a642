package io.manul.apiserver.openapi;

import io.manul.apiserver.openapi.Api.Version;
import io.manul.json.Obj;
import io.manul.schema.Resource;
import io.manul.schema.Subresource;
import java.util.List;

/** All groups in one document: APIGroupDiscoveryList (apidiscovery.k8s.io/v2 and v2beta1, which differ in name only). */
final class AggregatedDiscovery {

    private AggregatedDiscovery() {
    }

    /** @param groups the versions of each group, the preferred one first */
    static Obj list(List<List<Version>> groups, String apiVersion) {
        return Obj.of("kind", "APIGroupDiscoveryList", "apiVersion", apiVersion, "metadata", Obj.of(), "items",
                groups.stream().map(AggregatedDiscovery::group).toList());
    }

    private static Obj group(List<Version> versions) {
        String name = versions.getFirst().group();
        return Obj.of("metadata", Obj.of("name", name.isEmpty() ? null : name), "versions",
                versions.stream().map(AggregatedDiscovery::version).toList());
    }

    private static Obj version(Version version) {
        return Obj.of("version", version.version(), "resources",
                version.resources().stream().map(AggregatedDiscovery::resource).toList(), "freshness", "Current");
    }

    private static Obj resource(Resource r) {
        return Obj.of("resource", r.plural(), "responseKind", kind("", "", r.kind()), "scope",
                r.namespaced() ? "Namespaced" : "Cluster", "singularResource", r.singular(), "verbs", r.verbs(),
                "shortNames", LegacyDiscovery.orNull(r.shortNames()), "categories", LegacyDiscovery.orNull(r.categories()),
                "subresources", r.subresources().isEmpty() ? null
                        : r.subresources().stream().map(s -> subresource(r, s)).toList());
    }

    private static Obj subresource(Resource r, Subresource s) {
        boolean elsewhere = !s.group().equals(r.group()) || !s.version().equals(r.version());
        return Obj.of("subresource", s.name(), "responseKind",
                kind(elsewhere ? s.group() : "", elsewhere ? s.version() : "", s.kind()), "verbs", s.verbs());
    }

    /** Group and version are empty where they are those of the list. */
    private static Obj kind(String group, String version, String kind) {
        return Obj.of("group", group, "version", version, "kind", kind);
    }
}
