package io.manul.network.ingress;

/**
 * What an Ingress asks for besides the way.
 *
 * @param timeoutMillis how long a pod may be silent
 * @param bodyBytes     largest request body by its Content-Length; 0: any
 * @param redirect      to HTTPS, 308
 */
record Options(long timeoutMillis, long bodyBytes, boolean redirect) {

    static final long TIMEOUT_MILLIS = 60_000;
    /** A call of gRPC may be silent for long. */
    static final long STREAM_TIMEOUT_MILLIS = 3_600_000;

    /** The value of a way in HAProxy's map. */
    String value(int slot) {
        return "b" + slot + "_" + timeoutMillis + "_" + bodyBytes + "_" + (redirect ? 1 : 0);
    }
}
