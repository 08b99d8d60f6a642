package io.manul.datastore.testing;

import io.manul.datastore.Datastore;

class MemoryDatastoreTest extends DatastoreContract {

    @Override
    protected Datastore open() {
        return new MemoryDatastore();
    }

    @Override
    protected void close(Datastore opened) {
        ((MemoryDatastore) opened).close();
    }
}
