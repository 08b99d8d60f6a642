package io.manul.datastore.engine;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import java.util.List;

/** Keeps nothing: the state and the ring in memory are all there is. */
public final class MemoryLog implements CommitLog {

    @Override
    public Loaded open(Reader reader) {
        return new Loaded(Meta.EMPTY, List.of());
    }

    @Override
    public void append(Step step) {
        // nothing outlives the process
    }

    @Override
    public void force() {
        // nothing outlives the process
    }

    /** The ring forgets only what was compacted, maybe a moment ago: {@link Past} says that then. */
    @Override
    public void history(String from, String to, long after, long upTo, Visitor visitor) throws DatastoreException {
        throw new DatastoreException(Reason.UNAVAILABLE, "a store in memory has no history but its ring; asked for changes after " + after);
    }

    @Override
    public long sweep(Meta meta, long upTo, long nanos) {
        return upTo;
    }

    @Override
    public long sizeBytes() {
        return 0;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
