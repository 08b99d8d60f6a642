package io.manul.runtime;

/** The person at the keyboard has to change something; the message says what. Exit code 2. */
final class UsageException extends Exception {
    UsageException(String message) {
        super(message, null, false, false);
    }
}
