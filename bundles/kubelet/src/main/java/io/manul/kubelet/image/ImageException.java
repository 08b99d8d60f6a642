package io.manul.kubelet.image;

import java.time.Duration;

/** An image is not there. @see #reason */
public final class ImageException extends Exception {

    private final String reason;
    private final transient Duration again;

    public ImageException(String reason, String message, Duration again) {
        super(message);
        this.reason = reason;
        this.again = again;
    }

    /** ErrImagePull, ImagePullBackOff, ErrImageNeverPull, ImageInspectError. */
    public String reason() {
        return reason;
    }

    public Duration again() {
        return again;
    }
}
