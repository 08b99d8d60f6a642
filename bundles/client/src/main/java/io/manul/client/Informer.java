package io.manul.client;

import io.manul.json.Obj;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A cache of one collection, kept true by list and watch (resumed from the last resource version; a 410 lists again).
 * Keeps UTF-8 bytes, parses on demand. Handlers run on the informer's one virtual thread, in order: they must be short
 * (add a key to a queue). After a relist, vanished objects are told as deletes and unchanged ones not at all; an object that
 * has the name of another one before it (another uid) is told as a delete of that and an add.
 */
@ProviderType
public interface Informer extends AutoCloseable {

    enum Kind { ADDED, MODIFIED, DELETED }

    /** @param object the object now (for DELETED its last known state); @param previous before; null when ADDED */
    record Change(Kind kind, Obj object, Obj previous) {
    }

    interface Listener {
        void changed(Change change);
    }

    /** Add listeners and indexes before {@link #start}. */
    Informer listen(Listener listener);

    /** @param keys the index values of an object, e.g. its owner's uid or its node name */
    Informer index(String name, Function<Obj, List<String>> keys);

    /**
     * Asks the API for {@code PartialObjectMetadata} (Kubernetes, "API Concepts", metadata-only fetches) and keeps of it what
     * identifies, labels and owns an object: no annotations. Before {@link #start}.
     */
    Informer metadataOnly();

    /**
     * What the cache holds of an object instead of the whole (client-go: SetTransform): at least its metadata's name, namespace,
     * uid and resourceVersion. A change tells the object whole and its previous state as it was held; indexes and reads see
     * what is held. Before {@link #start}. An implementation may hold more.
     */
    default Informer keep(UnaryOperator<Obj> part) {
        return this;
    }

    Informer start();

    /** Waits until the first list was taken in; false when the limit passed first. */
    boolean awaitSynced(Duration limit) throws InterruptedException;

    boolean synced();

    /** The object as last seen; a fresh parse that belongs to the caller. */
    Optional<Obj> get(Key key);

    List<Obj> list();

    /** Objects of one namespace. */
    List<Obj> list(String namespace);

    List<Obj> byIndex(String index, String value);

    List<Key> keys();

    int size();

    /** Stops and joins its thread. */
    @Override
    void close();
}
