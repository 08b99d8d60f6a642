package io.manul.helm.template.lang;

import io.manul.helm.template.go.GoError;
import java.util.function.LongSupplier;

/** Time and output of one rendering, counted over all its templates; ends it when its thread is interrupted. One thread's. */
public final class Limits {

    /** A limit was passed; no template catches it. */
    public static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exceeded(String message) {
            super(message, null, false, false);
        }
    }

    private final LongSupplier nanos;
    private final long until;
    private final long mostChars;
    private long chars;
    private int steps;

    public Limits(LongSupplier nanos, long nanosAllowed, long mostChars) {
        this.nanos = nanos;
        this.until = nanos.getAsLong() + nanosAllowed;
        this.mostChars = mostChars;
    }

    void step() {
        if ((++steps & 0x3ff) == 0) {
            if (nanos.getAsLong() - until > 0) {
                throw new Exceeded("rendering takes too long; a template may loop");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new Exceeded("rendering was interrupted");
            }
        }
    }

    void wrote(int n) {
        chars += n;
        if (chars > mostChars) {
            throw new Exceeded("rendering writes more than " + mostChars + " characters");
        }
    }

    /** Refuses to make a value of so many characters or elements. */
    public static void size(long n) {
        if (n > 64 << 20) {
            throw new GoError("result of " + n + " elements is too large");
        }
    }
}
