package io.manul.controllers.autoscale.horizontal;

/** A number of replicas could not be computed; the message goes into a condition and an event. No stack trace: it is an answer. */
final class Unable extends Exception {

    private static final long serialVersionUID = 1;

    /** Of the condition ScalingActive and of the event. */
    private final String reason;

    Unable(String reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    Unable(String message) {
        this("", message);
    }

    String reason() {
        return reason;
    }

    Unable because(String why) {
        return new Unable(why, getMessage());
    }

    Unable within(String head) {
        return new Unable(reason, head + getMessage());
    }
}
