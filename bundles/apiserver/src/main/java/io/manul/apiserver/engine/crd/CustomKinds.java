package io.manul.apiserver.engine.crd;

import io.manul.apiserver.engine.kind.Catalog;
import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.validation.BuiltInModel;
import io.manul.apiserver.openapi.DynamicTypes;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Reader;
import io.manul.json.Obj;
import io.manul.schema.GroupVersion;
import io.manul.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What is served by the established CustomResourceDefinitions. An index of names is kept as long as no definition is
 * written; a schema is compiled when its kind is asked for the first time. Kinds of a definition that is being deleted are
 * served until it is gone, so that finalizers can be taken; they only cannot be created. Safe from any thread.
 */
public final class CustomKinds implements Catalog.Custom, DynamicTypes {

    private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    /** One served version. @param identity of the definition as it was indexed */
    private record Entry(String crd, String identity, String version) {
    }

    /** @param entries by group, version and plural, with slashes between @param compiled likewise, filled by use */
    private record Index(long generation, String revision, Map<String, Entry> entries, Map<String, Served> compiled) {
    }

    private final Reader reader;
    private final BuiltInModel objectMeta;
    private final Set<String> builtIn = new HashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** Replaced under the lock. */
    private volatile Index index = new Index(Long.MIN_VALUE, "", Map.of(), new ConcurrentHashMap<>());

    public CustomKinds(Reader reader, Schema schema) {
        this.reader = reader;
        this.objectMeta = new BuiltInModel(schema, schema.type(OBJECT_META).orElseThrow());
        schema.groupVersions().stream().filter(GroupVersion::served).forEach(gv -> builtIn.add(gv.group() + "/" + gv.version()));
    }

    @Override
    public Optional<Served> find(String group, String version, String plural) throws ApiException {
        String id = group + "/" + version + "/" + plural;
        Index now = current();
        Entry entry = now.entries.get(id);
        if (entry == null) {
            return Optional.empty();
        }
        Served known = now.compiled.get(id);
        return known != null ? Optional.of(known) : compile(now, id, entry);
    }

    private Optional<Served> compile(Index now, String id, Entry entry) throws ApiException {
        lock.lock();
        try {
            Optional<Definition> read = reader.get(Definition.GROUP, Definition.PLURAL, "", entry.crd).map(Definition::new);
            Optional<Served> made = read.flatMap(d -> d.version(entry.version).map(v -> d.served(v, objectMeta)));
            if (made.isPresent() && read.get().identity().equals(entry.identity)) {
                now.compiled.put(id, made.get()); // else it was written just now: the next call sees another index
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Where a custom kind keeps what its scale shows; empty for built-in kinds and where there is no scale. */
    public static Optional<ScalePaths> scale(Served served) {
        return served.strategy() instanceof CustomStrategy custom ? custom.scale() : Optional.empty();
    }

    private Index current() throws ApiException {
        long generation = reader.generation(Definition.GROUP, Definition.PLURAL);
        if (index.generation == generation) {
            return index;
        }
        lock.lock();
        try {
            if (index.generation != generation) {
                index = read(generation);
            }
            return index;
        } finally {
            lock.unlock();
        }
    }

    private Index read(long generation) throws ApiException {
        Map<String, Entry> entries = new HashMap<>();
        Map<String, Served> compiled = new ConcurrentHashMap<>();
        StringBuilder revision = new StringBuilder();
        established(d -> {
            revision.append(d.identity()).append(' ');
            for (Obj version : d.servedVersions()) {
                Entry entry = new Entry(d.plural() + "." + d.group(), d.identity(), version.text("name"));
                String id = d.group() + "/" + entry.version + "/" + d.plural();
                entries.put(id, entry);
                if (entry.equals(index.entries.get(id)) && index.compiled.containsKey(id)) {
                    compiled.put(id, index.compiled.get(id));
                }
            }
        });
        String text = Definition.storageHash(revision.toString(), "", "");
        return new Index(generation, revision.isEmpty() ? "" : text, Map.copyOf(entries), compiled);
    }

    /** In the order of their names; those in a built-in group and version are not served. */
    private void established(Consumer<Definition> action) throws ApiException {
        reader.each(Definition.GROUP, Definition.PLURAL, "", crd -> {
            Definition d = new Definition(crd);
            if (d.established() && d.servedVersions().stream().noneMatch(v -> builtIn.contains(d.group() + "/" + v.text("name")))) {
                action.accept(d);
            }
        });
    }

    // ---- for discovery and OpenAPI

    /** The schemas are read when they are looked at. */
    @Override
    public List<CustomKind> kinds() {
        try {
            List<CustomKind> out = new ArrayList<>();
            established(d -> d.servedVersions().forEach(version -> out.add(new CustomKind(d.discovered(version),
                    new StoredSchema(reader, d.plural() + "." + d.group(), version.text("name"))))));
            return out;
        } catch (ApiException e) {
            throw new IllegalStateException("the custom resource definitions could not be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String revision() {
        try {
            return current().revision;
        } catch (ApiException e) {
            throw new IllegalStateException("the custom resource definitions could not be read: " + e.getMessage(), e);
        }
    }
}
