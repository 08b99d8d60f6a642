package io.manul.kubelet.server;

/** A request that is answered with a Kubernetes {@code Status}. */
final class Refused extends Exception {

    private final int code;
    private final String reason;

    Refused(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    static Refused badRequest(String message) {
        return new Refused(400, "BadRequest", message);
    }

    static Refused notFound(String message) {
        return new Refused(404, "NotFound", message);
    }

    int code() {
        return code;
    }

    String reason() {
        return reason;
    }
}
