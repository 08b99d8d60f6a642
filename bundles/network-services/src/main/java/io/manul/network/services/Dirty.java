package io.manul.network.services;

import io.manul.client.Key;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Services that have to be looked at; whoever takes them waits. Safe from any thread. */
final class Dirty {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private Set<Key> keys = new HashSet<>();
    private boolean all = true;
    private boolean closed;

    /** @param every every Service is to be looked at */
    record Batch(Set<Key> keys, boolean every) {
        boolean isEmpty() {
            return keys.isEmpty() && !every;
        }
    }

    void add(Key key) {
        change(() -> keys.add(key));
    }

    void addAll() {
        change(() -> all = true);
    }

    void close() {
        change(() -> closed = true);
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            wake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Empty when the limit passed first; null when closed. */
    Batch take(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (!closed && !all && keys.isEmpty() && left > 0) {
                left = wake.awaitNanos(left);
            }
            Batch batch = closed ? null : new Batch(keys, all);
            keys = new HashSet<>();
            all = false;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, whatever is added meanwhile. */
    void pause(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (!closed && left > 0) {
                left = wake.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
