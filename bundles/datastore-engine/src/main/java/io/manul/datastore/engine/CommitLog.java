package io.manul.datastore.engine;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.Event;
import io.manul.datastore.KeyValue;
import java.util.List;

/**
 * Where changes are kept for the next start, in revision order. Written by the sequencer's thread alone; {@link #history}
 * and {@link #sizeBytes} come from any thread at the same time.
 */
public interface CommitLog {

    /**
     * One change to keep.
     *
     * @param sub  its place within the revision
     * @param base revision of the key's row that was kept before this one, when that is not the event's previous (changes
     *             in between were never written); else 0
     */
    record Row(Event event, int sub, long base) {
    }

    /**
     * What a start must know beside the rows.
     *
     * @param clean   the log was closed in order; nothing volatile is missing
     * @param compact oldest revision that can be read
     * @param floor   no revision up to here may be given out
     * @param ceiling revisions up to here may have been given out to volatile writes; 0 when none was
     * @param swept   superseded rows are gone up to here
     * @param lease   highest lease id given out
     */
    record Meta(boolean clean, long compact, long floor, long ceiling, long swept, long lease) {
        public static final Meta EMPTY = new Meta(true, 1, 1, 0, 0, 0);
    }

    record Lease(long id, long leftMillis) {
    }

    /** One atomic step; {@code meta} null when unchanged. */
    record Step(List<Row> rows, Meta meta, List<Lease> leases, List<Long> endedLeases) {
    }

    /** Takes the rows in revision order. */
    interface Reader {
        void row(KeyValue now, boolean delete);
    }

    /** Takes old events in order: those whose key it wants, until it answers false. */
    interface Visitor {
        boolean wants(String key);

        boolean event(Event event);
    }

    record Loaded(Meta meta, List<Lease> leases) {
    }

    /** Checks what is there, hands over its rows, and is ready to append. Nothing is written before the first step. */
    Loaded open(Reader reader) throws DatastoreException;

    /**
     * Appends one step; not kept before {@link #force}. Throws NO_SPACE when the disk is full: nothing of it was kept and
     * the next one may be tried. Any other failure: the outcome is unknown and nothing more may be written.
     */
    void append(Step step) throws DatastoreException;

    /** Returns when the appended step is on the disk. Fails as {@link #append} does. */
    void force() throws DatastoreException;

    /** Events of [from, to) with revisions in (after, upTo]. */
    void history(String from, String to, long after, long upTo, Visitor visitor) throws DatastoreException;

    /**
     * Removes rows that were superseded by rows in (swept, upTo], and deletes in there, until the time is over.
     *
     * @param meta kept in the same atomic step, with its {@code swept} replaced
     * @return how far it came
     */
    long sweep(Meta meta, long upTo, long nanos) throws DatastoreException;

    /** Does what is due and takes long (a checkpoint); called between steps, never waits. */
    default void tend() {
    }

    long sizeBytes() throws DatastoreException;

    /** Ends in order. Safe to call twice. */
    void close();
}
