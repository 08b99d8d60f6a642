package io.manul.schema.internal;

import io.manul.schema.Descriptions;
import io.manul.schema.GroupVersion;
import io.manul.schema.GroupVersionKind;
import io.manul.schema.Resource;
import io.manul.schema.Schema;
import io.manul.schema.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The schema of the committed tables. */
public final class BuiltIn implements Schema {

    /** Made when first asked for. This bundle is never replaced, so the one instance is shared. */
    private static final class Holder {
        static final BuiltIn SCHEMA = new BuiltIn(ResourceTable.read(Tables.bytes("resources.txt")),
                new TypeTable(Tables.bytes("types.txt")));
    }

    private final List<GroupVersion> groupVersions;
    private final Map<String, List<Resource>> byGroupVersion = new HashMap<>();
    private final List<Resource> served = new ArrayList<>();
    private final Map<String, Resource> byPlural = new HashMap<>();
    private final Map<GroupVersionKind, Resource> byKind = new HashMap<>();
    private final TypeTable types;

    BuiltIn(ResourceTable resources, TypeTable types) {
        this.groupVersions = resources.groupVersions();
        this.types = types;
        for (GroupVersion gv : groupVersions) {
            List<Resource> list = resources.of(gv);
            byGroupVersion.put(gv.apiVersion(), list);
            if (gv.served()) {
                served.addAll(list);
                list.forEach(r -> {
                    byPlural.put(r.apiVersion() + "/" + r.plural(), r);
                    byKind.put(r.groupVersionKind(), r);
                });
            }
        }
    }

    public static Schema get() {
        return Holder.SCHEMA;
    }

    @Override
    public List<GroupVersion> groupVersions() {
        return groupVersions;
    }

    @Override
    public List<Resource> resources() {
        return List.copyOf(served);
    }

    @Override
    public List<Resource> resources(String group, String version) {
        return byGroupVersion.getOrDefault(apiVersion(group, version), List.of());
    }

    @Override
    public Optional<Resource> resource(String group, String version, String plural) {
        return Optional.ofNullable(byPlural.get(apiVersion(group, version) + "/" + plural));
    }

    @Override
    public Optional<Resource> kind(String group, String version, String kind) {
        return Optional.ofNullable(byKind.get(new GroupVersionKind(group, version, kind)));
    }

    @Override
    public Optional<Type> type(String name) {
        return types.type(name);
    }

    @Override
    public Optional<Type> typeOf(GroupVersionKind kind) {
        return types.typeOf(kind);
    }

    @Override
    public Collection<String> typeNames() {
        return types.names();
    }

    @Override
    public Descriptions descriptions() {
        return DescriptionTable.read();
    }

    @Override
    public String revision() {
        return Tables.digest("resources.txt", "types.txt", "descriptions.gz");
    }

    private static String apiVersion(String group, String version) {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
