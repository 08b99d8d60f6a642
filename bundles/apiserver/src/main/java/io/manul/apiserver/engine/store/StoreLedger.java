package io.manul.apiserver.engine.store;

import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Ledger;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.Durability;
import io.manul.json.Obj;

/** {@link Ledger} by compare and swap on the object's revision. */
public final class StoreLedger implements Ledger {

    private final Datastore datastore;

    public StoreLedger(Datastore datastore) {
        this.datastore = datastore;
    }

    @Override
    public boolean replace(String group, String resource, Obj object) throws ApiException {
        String key = Keys.key(group, resource, object.namespace(), object.name());
        try {
            return datastore.put(key, Encoding.store(object), Long.parseLong(object.resourceVersion()), 0, Durability.DURABLE).succeeded();
        } catch (DatastoreException e) {
            throw Failures.of(e);
        }
    }
}
