package io.manul.listener;

import io.manul.api.http.ClientGone;
import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.http.ResumableStream;
import io.manul.api.http.Superseded;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A handler of numbered lines: {@code /count?n=N} streams N lines 1..N as fast as the client takes them, then ends;
 * {@code /slow?n=N} waits up to a millisecond between two; {@code /wait} emits one line and waits for ever;
 * anything else is answered with the version's label.
 */
final class Numbers implements Handler {

    final AtomicInteger emitted = new AtomicInteger();
    final AtomicInteger superseded = new AtomicInteger();
    final Semaphore gone = new Semaphore(0);
    private final String label;

    Numbers(String label) {
        this.label = label;
    }

    @Override
    public void handle(Exchange x) throws Exception {
        switch (x.path()) {
            case "/count" -> count(x, false);
            case "/slow" -> count(x, true);
            case "/wait" -> waits(x);
            default -> x.reply(200, Map.of("content-type", "text/plain", "x-version", label), label.getBytes());
        }
    }

    private void count(Exchange x, boolean slow) throws Exception {
        int last = Integer.parseInt(x.parameter("n").orElseThrow());
        String pad = "x".repeat(Integer.parseInt(x.parameter("pad").orElse("0")));
        try {
            ResumableStream out = x.stream(200, Bench.JSON);
            for (int i = out.cursor().map(Integer::parseInt).orElse(0) + 1; i <= last; i++) {
                out.emit((i + pad + "\n").getBytes(), "" + i);
                emitted.incrementAndGet();
                if (slow) {
                    out.idle(() -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
                }
            }
            out.end();
        } catch (Superseded e) {
            superseded.incrementAndGet();
            throw e;
        } catch (ClientGone e) {
            gone.release();
            throw e;
        }
    }

    private void waits(Exchange x) throws Exception {
        try {
            ResumableStream out = x.stream(200, Bench.JSON);
            if (out.cursor().isEmpty()) {
                out.emit("begun\n".getBytes(), "1");
            }
            out.idle(() -> {
                new CountDownLatch(1).await();
                return null;
            });
        } catch (ClientGone e) {
            gone.release();
            throw e;
        } catch (Superseded e) {
            superseded.incrementAndGet();
            throw e;
        }
    }
}
