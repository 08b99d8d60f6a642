package io.manul.helm.template.go;

/** An error value or a panic of a function; becomes {@code error calling NAME: ...}. */
public final class GoError extends RuntimeException {

    private static final long serialVersionUID = 1;

    public GoError(String message) {
        super(message, null, false, false);
    }
}
