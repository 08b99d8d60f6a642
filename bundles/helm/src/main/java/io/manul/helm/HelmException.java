package io.manul.helm;

/** A chart cannot be fetched, rendered or installed; the message is for the author of the HelmChart. */
public final class HelmException extends Exception {

    private static final long serialVersionUID = 1;
    private final boolean retry;

    public HelmException(String message) {
        this(message, false);
    }

    /** @param retry trying again without a change may help (a repository that is away) */
    public HelmException(String message, boolean retry) {
        super(message);
        this.retry = retry;
    }

    public boolean retry() {
        return retry;
    }
}
