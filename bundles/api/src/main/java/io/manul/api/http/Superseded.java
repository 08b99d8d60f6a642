package io.manul.api.http;

/** The stream goes on in another version: unwind. No stack trace, no cause: nothing of the thrower's loader is kept. */
public final class Superseded extends Exception {
    public Superseded() {
        super("superseded", null, false, false);
    }
}
