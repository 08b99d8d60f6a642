package io.manul.apiserver.spi;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads stored objects inside the apiserver, consistent with every acknowledged write. Safe from any thread. */
public interface Reader {
    /** @param group empty for core; @param resource plural; @param namespace empty for cluster-scoped kinds */
    Optional<Obj> get(String group, String resource, String namespace, String name) throws ApiException;

    /** @param namespace empty for all */
    List<Obj> list(String group, String resource, String namespace) throws ApiException;

    /** Shows the objects one after another, so that only one of them takes memory. @param namespace empty for all */
    default void each(String group, String resource, String namespace, Consumer<Obj> action) throws ApiException {
        list(group, resource, namespace).forEach(action);
    }

    /** A number that changes whenever an object of the resource was written; for caches. Cheap. */
    long generation(String group, String resource);
}
