package io.manul.scheduler.volume;

/** A pod's volumes were not bound: its node is given up, and it looks for one again. */
public final class BindFailure extends Exception {

    private static final long serialVersionUID = 1;

    BindFailure(String message) {
        super("binding volumes: " + message);
    }
}
