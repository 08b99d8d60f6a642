package io.manul.kubelet.pod;

import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Observed;
import io.manul.kubelet.runtime.Sandbox;
import io.manul.kubelet.volume.VolumeException;
import io.manul.kubelet.volume.Volumes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volumes of one pod: made once, and brought up to date every minute where they may change. The pod's worker only. */
final class PodVolumes {

    private static final Duration REFRESH = Duration.ofMinutes(1);

    private final Parts parts;
    private final Refusals refusals;
    private Map<String, Path> folders;
    private Instant due = Instant.MIN;

    PodVolumes(Parts parts, Refusals refusals) {
        this.parts = parts;
        this.refusals = refusals;
    }

    /** Where each is; empty until all are made. */
    Optional<Map<String, Path>> folders() {
        return Optional.ofNullable(folders);
    }

    /** @return when to come again; empty: never */
    Optional<Duration> ensure(Pod pod, Observed seen) throws InterruptedException {
        boolean live = Volumes.live(pod);
        Instant now = parts.clock().instant();
        if (folders != null && (!live || now.isBefore(due))) {
            return live ? Optional.of(Duration.between(now, due)) : Optional.empty();
        }
        try {
            folders = parts.volumes().ensure(Starter.downward(parts, pod, seen.readySandbox().map(Sandbox::ips).orElseGet(List::of)));
            refusals.clear();
            due = now.plus(REFRESH);
            return live ? Optional.of(REFRESH) : Optional.empty();
        } catch (VolumeException e) {
            Optional<Duration> again = refusals.tell(pod, "FailedMount", e.getMessage());
            due = now.plus(again.orElse(REFRESH)); // what was made stays as it is
            return again;
        }
    }
}
