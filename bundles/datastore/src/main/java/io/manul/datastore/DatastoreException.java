package io.manul.datastore;

/** Why a call failed; the text is etcd's where etcd has one. */
public final class DatastoreException extends Exception {

    public enum Reason {
        /** The revision was compacted. */
        COMPACTED,
        /** The revision lies in the future. */
        FUTURE_REVISION,
        /** Disk full: reads and watches go on, writes are refused. */
        NO_SPACE,
        /** The value is over the limit. */
        TOO_LARGE,
        /** The lease does not exist, or has run out. */
        LEASE_NOT_FOUND,
        /** The store is damaged or stopped writing; the outcome of a write is unknown. */
        UNAVAILABLE
    }

    private final Reason reason;
    private final long compactRevision;

    public DatastoreException(Reason reason, String message, long compactRevision) {
        super(message);
        this.reason = reason;
        this.compactRevision = compactRevision;
    }

    public DatastoreException(Reason reason, String message) {
        this(reason, message, 0);
    }

    public Reason reason() {
        return reason;
    }

    /** With {@link Reason#COMPACTED}: the oldest revision that can be read. Else 0. */
    public long compactRevision() {
        return compactRevision;
    }
}
