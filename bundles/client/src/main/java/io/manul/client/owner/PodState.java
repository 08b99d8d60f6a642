package io.manul.client.owner;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What controllers ask of a pod. Pure. */
public final class PodState {

    private PodState() {
    }

    /** Not ended and not going. */
    public static boolean active(Obj pod) {
        String phase = pod.text("status", "phase");
        return !phase.equals("Succeeded") && !phase.equals("Failed") && !pod.deleting();
    }

    public static boolean ready(Obj pod) {
        return readyCondition(pod).isPresent();
    }

    private static Optional<Obj> readyCondition(Obj pod) {
        return pod.objects("status", "conditions").stream().filter(c -> c.text("type").equals("Ready") && c.text("status").equals("True")).findFirst();
    }

    /** Since when it is ready, as far as it says. */
    public static Optional<Instant> readySince(Obj pod) {
        return readyCondition(pod).flatMap(c -> c.string("lastTransitionTime")).map(Instant::parse);
    }

    /** Ready for at least so many seconds. */
    public static boolean available(Obj pod, long minReadySeconds, Instant now) {
        if (!ready(pod)) {
            return false;
        }
        return minReadySeconds == 0 || readySince(pod).map(s -> !s.plusSeconds(minReadySeconds).isAfter(now)).orElse(false);
    }

    public static Duration untilAvailable(Obj pod, long minReadySeconds, Instant now) {
        return readySince(pod).map(s -> Duration.between(now, s.plusSeconds(minReadySeconds))).orElse(Duration.ofSeconds(minReadySeconds));
    }
}
