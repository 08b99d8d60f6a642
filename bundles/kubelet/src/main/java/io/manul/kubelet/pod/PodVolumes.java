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
import java.util.Objects;
import java.util.Optional;

/**
 * The volumes of one pod: made once, and brought up to date when an object in them changed and every few minutes (tokens age).
 * The pod's worker only, but for {@link #stale}.
 */
final class PodVolumes {

    private static final Duration REFRESH = Duration.ofMinutes(2);

    private final Parts parts;
    private final Refusals refusals;
    private Map<String, Path> folders;
    private Instant due = Instant.MIN;
    private final Runnable changed;
    private volatile boolean stale;
    /** Of the labels and annotations that the Downward API told last. */
    private int told;

    /** @param changed tells the worker to look */
    PodVolumes(Parts parts, Refusals refusals, Runnable changed) {
        this.parts = parts;
        this.refusals = refusals;
        this.changed = changed;
    }

    /** An object in them changed. From any thread. */
    private void stale() {
        stale = true;
        changed.run();
    }

    /** Where each is; empty until all are made. */
    Optional<Map<String, Path>> folders() {
        return Optional.ofNullable(folders);
    }

    /** @return when to come again; empty: never */
    Optional<Duration> ensure(Pod pod, Observed seen) throws InterruptedException {
        boolean live = Volumes.live(pod);
        int about = Objects.hash(pod.object().labels(), pod.object().annotations());
        if (about != told) {
            told = about;
            stale = true;
        }
        Instant now = parts.clock().instant();
        if (folders != null && (!live || !stale && now.isBefore(due))) {
            return live ? Optional.of(Duration.between(now, due)) : Optional.empty();
        }
        stale = false;
        if (live) {
            parts.volumes().follow(pod, this::stale);
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
