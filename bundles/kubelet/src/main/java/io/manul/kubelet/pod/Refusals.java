package io.manul.kubelet.pod;

import io.manul.client.Events;
import io.manul.kubelet.model.Pod;
import java.time.Duration;
import java.util.Optional;

/** What keeps a pod from starting, told as events, with waits that double: 1 s to 30 s. The pod's worker only. */
final class Refusals {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(30);

    private final Events events;
    private Duration wait = FIRST;

    Refusals(Events events) {
        this.events = events;
    }

    /** @return when to try again */
    Optional<Duration> tell(Pod pod, String reason, String message) {
        events.warning(pod.reference(), reason, message);
        Duration now = wait;
        wait = wait.multipliedBy(2).compareTo(MOST) > 0 ? MOST : wait.multipliedBy(2);
        return Optional.of(now);
    }

    void clear() {
        wait = FIRST;
    }
}
