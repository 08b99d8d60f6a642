package io.manul.apiserver.engine.store;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Reader;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.KeyValue;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@link Reader} straight from the datastore, whose memory is the only cache. */
public final class StoreReader implements Reader {

    private final Datastore datastore;
    private final Generations generations;

    public StoreReader(Datastore datastore) {
        this.datastore = datastore;
        this.generations = new Generations(datastore);
    }

    @Override
    public Optional<Obj> get(String group, String resource, String namespace, String name) throws ApiException {
        try {
            return datastore.get(Keys.key(group, resource, namespace, name), 0)
                    .map(kv -> Encoding.parse(kv.value(), kv.modRevision()));
        } catch (DatastoreException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public List<Obj> list(String group, String resource, String namespace) throws ApiException {
        List<Obj> out = new ArrayList<>();
        each(group, resource, namespace, out::add);
        return out;
    }

    @Override
    public void each(String group, String resource, String namespace, Consumer<Obj> action) throws ApiException {
        String prefix = Keys.prefix(group, resource, namespace);
        try {
            for (KeyValue kv : datastore.range(prefix, Datastore.end(prefix), 0, 0).items()) {
                action.accept(Encoding.parse(kv.value(), kv.modRevision()));
            }
        } catch (DatastoreException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public long generation(String group, String resource) {
        try {
            return generations.of(group, resource);
        } catch (ApiException e) {
            return -System.nanoTime();   // unknown: a number never seen, so that the caller reads and meets the failure itself
        }
    }
}
