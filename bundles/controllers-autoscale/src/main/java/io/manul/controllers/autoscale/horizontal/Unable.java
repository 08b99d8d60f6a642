package io.manul.controllers.autoscale.horizontal;

/** A number of replicas could not be computed; the message goes into a condition and an event. No stack trace: it is an answer. */
final class Unable extends Exception {

    private static final long serialVersionUID = 1;

    /** Of the condition ScalingActive and of the event. */
    private final String reason;
    /** Says which metric, where several are told of together. */
    private final String head;

    private Unable(String reason, String head, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.head = head;
    }

    Unable(String reason, String message) {
        this(reason, "", message);
    }

    Unable(String message) {
        this("", "", message);
    }

    String reason() {
        return reason;
    }

    String whole() {
        return head + getMessage();
    }

    Unable of(String metric, String why) {
        return new Unable(why, metric, getMessage());
    }

    Unable within(String more) {
        return new Unable(reason, head, more + getMessage());
    }
}
