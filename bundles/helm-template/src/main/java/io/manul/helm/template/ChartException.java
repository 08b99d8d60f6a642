package io.manul.helm.template;

/** A chart, its values or its templates are not right; the message is Helm's own. */
public final class ChartException extends Exception {
    public ChartException(String message) {
        super(message);
    }
}
