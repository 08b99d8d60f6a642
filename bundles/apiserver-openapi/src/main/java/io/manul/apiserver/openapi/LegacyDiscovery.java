package io.manul.apiserver.openapi;

import io.manul.apiserver.openapi.Api.Version;
import io.manul.json.Obj;
import io.manul.schema.Resource;
import io.manul.schema.Subresource;
import java.util.ArrayList;
import java.util.List;

/** Discovery group by group: APIVersions, APIGroupList, APIGroup and APIResourceList (API reference, meta/v1). */
final class LegacyDiscovery {

    private LegacyDiscovery() {
    }

    /** /api */
    static Obj versions(Api api, String serverAddress) {
        return Obj.of("kind", "APIVersions", "versions", api.group("").stream().map(Version::version).toList(),
                "serverAddressByClientCIDRs", List.of(Obj.of("clientCIDR", "0.0.0.0/0", "serverAddress", serverAddress)));
    }

    /** /apis */
    static Obj groups(Api api) {
        return Obj.of("kind", "APIGroupList", "apiVersion", "v1", "groups",
                api.named().stream().map(versions -> withVersions(Obj.of("name", versions.getFirst().group()), versions)).toList());
    }

    /** /apis/GROUP */
    static Obj group(List<Version> versions) {
        return withVersions(Obj.of("kind", "APIGroup", "apiVersion", "v1", "name", versions.getFirst().group()), versions);
    }

    private static Obj withVersions(Obj group, List<Version> versions) {
        return group.put("versions", versions.stream().map(LegacyDiscovery::version).toList())
                .put("preferredVersion", version(versions.getFirst()));
    }

    private static Obj version(Version version) {
        return Obj.of("groupVersion", version.apiVersion(), "version", version.version());
    }

    /** /api/VERSION and /apis/GROUP/VERSION; upstream leaves apiVersion out for core. */
    static Obj resources(Version version) {
        List<Obj> list = new ArrayList<>();
        for (Resource resource : version.resources()) {
            list.add(resource(resource));
            resource.subresources().forEach(s -> list.add(subresource(resource, s)));
        }
        return Obj.of("kind", "APIResourceList", "apiVersion", version.group().isEmpty() ? null : "v1",
                "groupVersion", version.apiVersion(), "resources", list);
    }

    private static Obj resource(Resource r) {
        return Obj.of("name", r.plural(), "singularName", r.singular(), "namespaced", r.namespaced(), "kind", r.kind(),
                "verbs", r.verbs(), "shortNames", orNull(r.shortNames()), "categories", orNull(r.categories()),
                "storageVersionHash", r.storageVersionHash().isEmpty() ? null : r.storageVersionHash());
    }

    private static Obj subresource(Resource r, Subresource s) {
        boolean elsewhere = !s.group().equals(r.group()) || !s.version().equals(r.version());
        return Obj.of("name", r.plural() + "/" + s.name(), "singularName", "", "namespaced", r.namespaced(),
                "group", elsewhere ? s.group() : null, "version", elsewhere ? s.version() : null, "kind", s.kind(),
                "verbs", s.verbs());
    }

    static List<String> orNull(List<String> list) {
        return list.isEmpty() ? null : list;
    }
}
