package io.manul.runtime;

/** The version of this distribution. */
final class Version {
    static final String TEXT = "0.1.0";

    private Version() {
    }
}
