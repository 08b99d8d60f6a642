package io.manul.scheduler.config;

/** The scheduler's configuration file cannot be used; the message says what and where. */
public final class BadConfiguration extends Exception {

    private static final long serialVersionUID = 1;

    BadConfiguration(String message) {
        super(message);
    }
}
