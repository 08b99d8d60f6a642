package io.manul.pki;

/** A key or certificate cannot be read, made or written; the message names the file and what to do. */
final class PkiException extends RuntimeException {
    PkiException(String message) {
        super(message);
    }
}
