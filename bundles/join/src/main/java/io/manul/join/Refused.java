package io.manul.join;

/** The answer is no. */
final class Refused extends Exception {
    private final int code;

    Refused(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    static Refused unauthorized(String message) {
        return new Refused(401, message);
    }

    static Refused forbidden(String message) {
        return new Refused(403, message);
    }
}
