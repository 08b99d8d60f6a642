package io.manul.kine.internal;

/** What is in the file cannot be what was written. */
final class Damaged extends Exception {
    Damaged(String what) {
        super(what);
    }
}
