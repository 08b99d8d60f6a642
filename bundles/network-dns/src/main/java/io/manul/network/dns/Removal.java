package io.manul.network.dns;

import io.manul.client.ClusterException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the objects of the cluster DNS away, once, when the API answers: {@code --disable coredns}. A virtual thread of its own. */
final class Removal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Thread thread;

    Removal(Keeper keeper) {
        thread = Thread.ofVirtual().name("network-dns-removal").start(() -> {
            try {
                while (!removed(keeper)) {
                    Thread.sleep(RETRY);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            }
        });
    }

    private static boolean removed(Keeper keeper) throws InterruptedException {
        try {
            keeper.remove();
            return true;
        } catch (ClusterException e) {
            LOG.debug("Objects of the cluster DNS are not removed yet why={}", e.getMessage());
            return !e.retryable() && e.code() != 403; // roles may come with the API's start
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
