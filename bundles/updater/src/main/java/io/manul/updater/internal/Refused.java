package io.manul.updater.internal;

/** A version was not taken; the one before serves on. The message says why. */
final class Refused extends Exception {
    Refused(String message) {
        super(message, null, false, true);
    }
}
