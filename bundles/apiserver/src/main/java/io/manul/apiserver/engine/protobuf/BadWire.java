package io.manul.apiserver.engine.protobuf;

/** A body that is not what it says it is; the message says where. */
public final class BadWire extends Exception {
    BadWire(String message) {
        super(message, null, false, false);
    }
}
