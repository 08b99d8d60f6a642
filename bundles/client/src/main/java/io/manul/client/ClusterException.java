package io.manul.client;

import io.manul.json.Obj;

/** The API refused, or could not be reached. Carries the Kubernetes {@code Status}. */
public final class ClusterException extends Exception {

    private final int code;
    private final String reason;
    private final transient Obj status;

    /** @param code HTTP status; 0 when the API was not reached at all */
    public ClusterException(int code, String reason, String message, Obj status) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.status = status;
    }

    public int code() {
        return code;
    }

    /** {@code Status.reason}: NotFound, Conflict, AlreadyExists, Invalid, Forbidden, Expired, ... */
    public String reason() {
        return reason;
    }

    public Obj status() {
        return status == null ? Obj.of() : status;
    }

    public boolean notFound() {
        return code == 404;
    }

    /** The object was changed meanwhile (409 Conflict); {@code AlreadyExists} is not one. */
    public boolean conflict() {
        return code == 409 && reason.equals("Conflict");
    }

    public boolean alreadyExists() {
        return reason.equals("AlreadyExists");
    }

    /** The resource version is too old (410): list again. */
    public boolean expired() {
        return code == 410;
    }

    /** Trying again later may help: not reached, 429, 500, 502, 503, 504. */
    public boolean retryable() {
        return code == 0 || code == 429 || code >= 500 && code != 501;
    }
}
