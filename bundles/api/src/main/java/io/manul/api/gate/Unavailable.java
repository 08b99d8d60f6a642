package io.manul.api.gate;

/** Nobody serves behind a gate within the caller's patience. Retryable. No stack trace: nothing of a loader is kept. */
public final class Unavailable extends RuntimeException {
    public Unavailable(String message) {
        super(message, null, false, false);
    }
}
