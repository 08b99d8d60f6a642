package io.manul.storage.local;

/** A volume cannot be made as it is asked for; somebody must change something first. */
final class Refused extends Exception {
    Refused(String message) {
        super(message);
    }
}
