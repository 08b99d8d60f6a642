package io.manul.helm.template.lang;

/** A template's text is not a template. */
public final class ParseError extends RuntimeException {

    private static final long serialVersionUID = 1;

    ParseError(String message) {
        super(message, null, false, false);
    }
}
