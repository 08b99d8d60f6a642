package io.manul.updater.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a room's code on a thread that may be given up: what hangs there holds nobody else. */
final class Limit {

    private Limit() {
    }

    /**
     * @throws Refused with {@code what} when it throws or does not return in time; it is interrupted then
     */
    static <T> T call(String what, Duration limit, Callable<T> work) throws Refused, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().daemon().name("updater-" + what.replace(' ', '-')).start(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            StackTraceElement[] stack = thread.getStackTrace();
            task.cancel(true);
            throw new Refused(what + " did not return within " + limit.toMillis() + " ms"
                    + (stack.length == 0 ? "" : " (it is at " + stack[0] + ")"));
        } catch (ExecutionException e) {
            // only the text: a kept Throwable would keep the room's class loader
            throw new Refused(what + " failed: " + describe(e.getCause()));
        }
    }

    static String describe(Throwable t) {
        StringBuilder text = new StringBuilder(t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage());
        for (Throwable c = t.getCause(); c != null && c != c.getCause(); c = c.getCause()) {
            if (c.getMessage() != null && text.indexOf(c.getMessage()) < 0) {
                text.append(": ").append(c.getMessage());
            }
        }
        if (t instanceof RuntimeException || t instanceof Error) {
            StackTraceElement[] at = t.getStackTrace();
            text.insert(0, t.getClass().getSimpleName() + ": ").append(at.length == 0 ? "" : " (at " + at[0] + ")");
        }
        return text.toString();
    }
}
