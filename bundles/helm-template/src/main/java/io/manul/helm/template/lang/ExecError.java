package io.manul.helm.template.lang;

/** Executing a template failed ({@code template: NAME:3:5: executing "x" at <y>: ...}). */
public final class ExecError extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ExecError(String message) {
        super(message, null, false, false);
    }
}
