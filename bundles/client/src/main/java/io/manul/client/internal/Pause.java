package io.manul.client.internal;

/** Waiting between two tries; a test passes the time itself. */
@FunctionalInterface
interface Pause {
    void millis(long millis) throws InterruptedException;
}
