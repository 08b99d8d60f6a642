package io.manul.kine.internal;

import io.manul.datastore.Datastore;
import io.manul.datastore.engine.Limits;
import io.manul.datastore.testing.DatastoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on SQLite, all recent changes in memory. */
class KineContractTest extends DatastoreContract {

    @TempDir
    Path data;
    private Kine kine;

    Limits limits() {
        return Limits.forHeap(64 << 20);
    }

    @Override
    protected Datastore open() throws Exception {
        kine = new Kine(data, limits());
        kine.begin(new byte[0]);
        return (Datastore) kine.offers().get(Datastore.class);
    }

    @Override
    protected void close(Datastore opened) {
        kine.end();
    }
}
