package io.manul.datastore.engine;

import io.manul.api.gate.Unavailable;
import io.manul.datastore.DatastoreException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a caller asks of the sequencer, and the answer on its way back. */
abstract sealed class Op permits Op.Write, Op.Grant, Op.Compact {

    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean taken = new AtomicBoolean();
    private Object answer;
    private DatastoreException failure;
    private boolean refused;

    /** A guarded put, or a delete when there is no value. */
    static final class Write extends Op {
        final String key;
        final byte[] value;
        final long expected;
        final long lease;
        final boolean durable;

        Write(String key, byte[] value, long expected, long lease, boolean durable) {
            this.key = key;
            this.value = value;
            this.expected = expected;
            this.lease = lease;
            this.durable = durable;
        }
    }

    static final class Grant extends Op {
        final long nanos;

        Grant(long nanos) {
            this.nanos = nanos;
        }
    }

    static final class Compact extends Op {
        final long revision;

        Compact(long revision) {
            this.revision = revision;
        }
    }

    /** True for the one who may carry it out, or give it up. */
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    void answer(Object value) {
        answer = value;
        done.countDown();
    }

    void fail(DatastoreException why) {
        failure = why;
        done.countDown();
    }

    /** Nothing was done and nothing will be. */
    void refuse() {
        refused = true;
        done.countDown();
    }

    Object await() throws DatastoreException {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatastoreException(DatastoreException.Reason.UNAVAILABLE, take()
                    ? "interrupted before the write began; nothing changed"
                    : "interrupted while the write was under way; its outcome is unknown");
        }
        if (refused) {
            throw notOpen();
        }
        if (failure != null) {
            throw failure;
        }
        return answer;
    }

    static Unavailable notOpen() {
        return new Unavailable("the datastore is not open; the call was not carried out");
    }
}
