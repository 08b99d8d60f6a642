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
        /** @return as stored now */
        Obj update(Obj crd) throws ApiException;
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
        if (!crd.deleting() || !crd.strings("metadata", "finalizers").contains(CrdStrategy.FINALIZER)) {
            return true;
        }
        // the first update says Terminating in its conditions
        Obj now = Definition.condition(crd, "Terminating").isPresent() ? crd : updates.update(crd.copy());
        if (!empty(crd)) {
            return false;
        }
        List<String> finalizers = new ArrayList<>(now.strings("metadata", "finalizers"));
        finalizers.remove(CrdStrategy.FINALIZER);
        updates.update(now.copy().set(finalizers.isEmpty() ? null : finalizers, "metadata", "finalizers"));
        return true;
    }

    /**
     * Names may have become free when a definition went: those that wait for some are looked at again.
     *
     * @param all every stored definition
     */
    public void retryNames(List<Obj> all) throws ApiException {
        for (Obj crd : all) {
            if (!crd.deleting() && Definition.condition(crd, "NamesAccepted").filter(c -> c.text("status").equals("False")).isPresent()) {
                updates.update(crd.copy());
            }
        }
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
