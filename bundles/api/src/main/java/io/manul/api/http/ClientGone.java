package io.manul.api.http;

/** The client closed the stream or its connection: unwind. */
public final class ClientGone extends Exception {
    public ClientGone() {
        super("client gone", null, false, false);
    }
}
