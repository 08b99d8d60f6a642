package io.manul.apiserver.engine.store;

import io.manul.apiserver.spi.ApiException;
import io.manul.datastore.Batch;
import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A number per resource that changes whenever an object of it was written, by whomever: asked from the datastore's log, not
 * counted, so it holds across a swap of this room. Costs one look at the current revision when nothing was written at all.
 * Safe from any thread.
 */
public final class Generations {

    private static final int BATCH = 256;

    private final Datastore datastore;
    private final Map<String, Cell> cells = new ConcurrentHashMap<>();

    public Generations(Datastore datastore) {
        this.datastore = datastore;
    }

    public long of(String group, String resource) throws ApiException {
        return cells.computeIfAbsent(Keys.prefix(group, resource), Cell::new).look();
    }

    private final class Cell {
        private final String prefix;
        private long seen;
        private long generation;

        Cell(String prefix) {
            this.prefix = prefix;
        }

        synchronized long look() throws ApiException {
            try {
                long now = datastore.currentRevision();
                if (seen == 0) {
                    seen = now;
                    generation = 1;
                }
                while (seen < now) {
                    step(now);
                }
                return generation;
            } catch (DatastoreException e) {
                throw Failures.of(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ApiException.unavailable("interrupted while reading the datastore");
            }
        }

        private void step(long now) throws DatastoreException, InterruptedException {
            try {
                Batch batch = datastore.poll(prefix, Datastore.end(prefix), seen, BATCH, Duration.ZERO);
                if (!batch.events().isEmpty()) {
                    generation++;
                    seen = batch.progress();
                } else if (batch.progress() > seen) {
                    seen = batch.progress();
                } else {
                    generation++;   // the store could not say (it is being replaced): take it as changed
                    seen = now;
                }
            } catch (DatastoreException e) {
                if (e.reason() != DatastoreException.Reason.COMPACTED) {
                    throw e;
                }
                generation++;
                seen = now;
            }
        }
    }
}
