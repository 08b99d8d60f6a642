package io.manul.apiserver.openapi;

import io.manul.apiserver.openapi.DynamicTypes.CustomKind;
import io.manul.schema.GroupVersion;
import io.manul.schema.Resource;
import io.manul.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that is served at one moment, in discovery order: the built-in groups, then the custom ones by name. */
final class Api {

    /** @param custom empty for built-in versions */
    record Version(String group, String version, List<Resource> resources, List<CustomKind> custom) {
        String apiVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }

        /** {@code api/v1}, {@code apis/apps/v1}: the key of OpenAPI v3's index. */
        String path() {
            return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
        }
    }

    private final Map<String, List<Version>> groups = new LinkedHashMap<>();

    Api(Schema schema, DynamicTypes extra) {
        for (GroupVersion gv : schema.groupVersions()) {
            if (gv.served()) {
                add(new Version(gv.group(), gv.version(), schema.resources(gv.group(), gv.version()), List.of()));
            }
        }
        Map<String, Map<String, List<CustomKind>>> custom = new TreeMap<>();
        for (CustomKind kind : extra.kinds()) {
            custom.computeIfAbsent(kind.resource().group(), g -> new TreeMap<>(VersionOrder.NEWEST_FIRST))
                    .computeIfAbsent(kind.resource().version(), v -> new ArrayList<>()).add(kind);
        }
        custom.forEach((group, versions) -> versions.forEach((version, kinds) -> {
            kinds.sort(Comparator.comparing(k -> k.resource().plural()));
            add(new Version(group, version, kinds.stream().map(CustomKind::resource).toList(), List.copyOf(kinds)));
        }));
    }

    private void add(Version version) {
        groups.computeIfAbsent(version.group(), g -> new ArrayList<>()).add(version);
    }

    /** The named groups, each with its versions, the preferred one first; not the core group. */
    List<List<Version>> named() {
        return groups.entrySet().stream().filter(e -> !e.getKey().isEmpty()).map(Map.Entry::getValue).toList();
    }

    /** A group's versions; none where it is not served. @param group empty for core */
    List<Version> group(String group) {
        return groups.getOrDefault(group, List.of());
    }

    Optional<Version> version(String group, String version) {
        return group(group).stream().filter(v -> v.version().equals(version)).findFirst();
    }

    List<Version> all() {
        return groups.values().stream().flatMap(List::stream).toList();
    }
}
