package io.manul.tunnel.internal;

import io.manul.tunnel.Head;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The first word of an answer comes in time, or the connection is closed. */
final class Limited {

    private static final Duration ANSWER = Duration.ofSeconds(30);

    private Limited() {
    }

    static Head read(SocketChannel c, InputStream in) throws IOException {
        CountDownLatch come = new CountDownLatch(1);
        Thread.ofVirtual().name("tunnel-deadline").start(() -> {
            try {
                if (!come.await(ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
                    c.close();
                }
            } catch (IOException e) {
                org.slf4j.LoggerFactory.getLogger(Limited.class).debug("A connection did not close well why={}", e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            return Head.read(in);
        } catch (java.nio.channels.AsynchronousCloseException e) {
            throw new IOException("no answer within " + ANSWER.toSeconds() + " s", e);
        } finally {
            come.countDown();
        }
    }
}
