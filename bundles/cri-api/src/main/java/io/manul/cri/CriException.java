package io.manul.cri;

/** A call that the container runtime refused, or that did not reach it. Keeps only strings, nothing of a room's loader. */
public final class CriException extends Exception {

    /** The status codes of gRPC, in its numbering (grpc/doc/statuscodes.md): {@code ordinal()} is the number on the wire. */
    public enum Code {
        OK, CANCELLED, UNKNOWN, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED,
        RESOURCE_EXHAUSTED, FAILED_PRECONDITION, ABORTED, OUT_OF_RANGE, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS,
        UNAUTHENTICATED;

        /** The code of that number; a number nobody defined is UNKNOWN. */
        public static Code of(int number) {
            return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
        }
    }

    private final Code code;

    public CriException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** The pod sandbox, container or image is not (or no longer) known to the runtime. */
    public boolean notFound() {
        return code == Code.NOT_FOUND;
    }

    /** The runtime cannot be reached now (it restarts, its socket is missing): the same call may succeed later. */
    public boolean unavailable() {
        return code == Code.UNAVAILABLE;
    }

    @Override
    public String toString() {
        return "CRI " + code + ": " + getMessage();
    }
}
