package io.manul.client;

import io.manul.json.Obj;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The Kubernetes API as one identity sees it. Calls block, are safe from any thread (virtual ones preferred), and go
 * through authorization, admission and validation like anybody's. Objects that come back belong to the caller.
 */
@ProviderType
public interface Cluster {

    Optional<Obj> get(Resource resource, String namespace, String name) throws ClusterException, InterruptedException;

    Listing list(Resource resource, Selection selection) throws ClusterException, InterruptedException;

    Obj create(Resource resource, String namespace, Obj object) throws ClusterException, InterruptedException;

    /** Replaces the object named in it; its resourceVersion, when set, guards. */
    Obj update(Resource resource, String namespace, Obj object) throws ClusterException, InterruptedException;

    /** Replaces a sub-resource ({@code status}, {@code scale}) of the object named in it. */
    Obj update(Resource resource, String namespace, String sub, Obj object) throws ClusterException, InterruptedException;

    /** @param sub {@code status}, {@code scale}, ...; empty for the object itself
     *  @param body an {@link Obj}, or a list of operations for {@link Patch#JSON} */
    Obj patch(Resource resource, String namespace, String name, String sub, Patch type, Object body)
            throws ClusterException, InterruptedException;

    /** Creates a sub-resource: {@code binding}, {@code token}, {@code eviction}. */
    Obj post(Resource resource, String namespace, String name, String sub, Obj body)
            throws ClusterException, InterruptedException;

    /** Deletes; gone already is no error (false). @param uid precondition; empty for none */
    boolean delete(Resource resource, String namespace, String name, Propagation propagation, OptionalLong graceSeconds,
            String uid) throws ClusterException, InterruptedException;

    default boolean delete(Resource resource, String namespace, String name) throws ClusterException, InterruptedException {
        return delete(resource, namespace, name, Propagation.DEFAULT, OptionalLong.empty(), "");
    }

    /** Any other request with a JSON answer, e.g. {@code GET /version}. @param body null for none */
    Obj raw(String method, String pathAndQuery, Obj body) throws ClusterException, InterruptedException;

    /**
     * A cache of a collection, kept true by list and watch; not running yet. Whoever starts it closes it.
     *
     * @see Informer
     */
    Informer informer(Resource resource, Selection selection);

    /** Writes Kubernetes Events ({@code v1}) as this component, aggregating repeats by count as upstream's recorder. */
    Events events(String component);
}
