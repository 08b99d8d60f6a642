package io.manul.listener;

/** A request that no handler sees: its status and why, in words for the client. */
final class BadRequest extends Exception {

    private final int code;

    BadRequest(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    Status status() {
        return Status.of(code, getMessage());
    }
}
