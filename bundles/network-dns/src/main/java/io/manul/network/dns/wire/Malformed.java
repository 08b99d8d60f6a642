package io.manul.network.dns.wire;

/** Bytes that are no DNS message. No stack trace: anybody can send them. */
public final class Malformed extends Exception {
    public Malformed(String message) {
        super(message, null, false, false);
    }
}
