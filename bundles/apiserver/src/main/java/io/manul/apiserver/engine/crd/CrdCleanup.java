package io.manul.apiserver.engine.crd;

import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;

/**
 * Empties a definition that is being deleted, then lets it go (its finalizer). Blocks; runs on the caller's thread.
 */
public final class CrdCleanup {

    /** Lists objects in all namespaces. */
    @FunctionalInterface
    public interface Lists {
        List<Obj> list(String group, String version, String plural) throws ApiException;
    }

    /** Deletes an object; one that is gone already is no error. */
    @FunctionalInterface
    public interface Deletes {
        void delete(String group, String version, String plural, String namespace, String name) throws ApiException;
    }

    /** Updates a definition; one that was changed in between is refused with 409. */
    @FunctionalInterface
    public interface Updates {
        void update(Obj crd) throws ApiException;
    }

    private final Lists lists;
    private final Deletes deletes;
    private final Updates updates;

    public CrdCleanup(Lists lists, Deletes deletes, Updates updates) {
        this.lists = lists;
        this.deletes = deletes;
        this.updates = updates;
    }

    /**
     * @param crd as stored, with its resourceVersion; not changed
     * @return false while objects wait for finalizers of their own: call again when one of them is gone
     */
    public boolean run(Obj crd) throws ApiException {
        List<String> finalizers = new ArrayList<>(crd.strings("metadata", "finalizers"));
        if (!crd.deleting() || !finalizers.remove(CrdStrategy.FINALIZER)) {
            return true;
        }
        if (!empty(crd)) {
            return false;
        }
        updates.update(crd.copy().set(finalizers.isEmpty() ? null : finalizers, "metadata", "finalizers"));
        return true;
    }

    private boolean empty(Obj crd) throws ApiException {
        Definition d = new Definition(crd);
        String version = d.servedVersions().stream().map(v -> v.text("name")).findFirst().orElse("");
        if (!d.established()) {
            return true; // nothing was ever served under its names
        }
        for (Obj o : lists.list(d.group(), version, d.plural())) {
            if (!o.deleting()) {
                deletes.delete(d.group(), version, d.plural(), o.namespace(), o.name());
            }
        }
        return lists.list(d.group(), version, d.plural()).isEmpty();
    }
}
