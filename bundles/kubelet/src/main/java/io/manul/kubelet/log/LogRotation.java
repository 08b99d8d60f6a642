package io.manul.kubelet.log;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerFilter;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ReopenContainerLogRequest;
import io.manul.kubelet.runtime.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps container logs small (Kubernetes, "Logging Architecture", "Log rotation": containerLogMaxSize 10Mi,
 * containerLogMaxFiles 5). Looks at the sizes every 10 s while containers have logs; the runtime is asked only when one is
 * too large. A loop of its own.
 */
public final class LogRotation implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
    private static final long MOST_BYTES = 10 << 20;
    private static final int MOST_FILES = 5;
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);

    private final ContainerRuntime runtime;
    private final Path logs;
    private final InstantSource clock;
    private Thread thread;

    public LogRotation(ContainerRuntime runtime, Path logs, InstantSource clock) {
        this.runtime = runtime;
        this.logs = logs;
        this.clock = clock;
    }

    public void start() {
        thread = Thread.ofVirtual().name("log-rotation").start(() -> {
            try {
                for (;;) {
                    Thread.sleep(EVERY);
                    look();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Rotates what is too large now. */
    void look() throws InterruptedException {
        try {
            for (Path log : large()) {
                rotate(log);
            }
        } catch (IOException e) {
            LOG.warn("Container logs not looked through folder={} why={}", logs, e.toString());
        }
    }

    /** {@code POD/CONTAINER/N.log} files over the limit. */
    private List<Path> large() throws IOException {
        if (!Files.isDirectory(logs)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(logs, 3, (p, a) -> a.isRegularFile() && a.size() > MOST_BYTES
                && p.getFileName().toString().endsWith(".log"))) {
            return files.toList();
        } catch (java.io.UncheckedIOException e) {
            return List.of(); // a pod's folder went meanwhile: next time
        }
    }

    private void rotate(Path log) throws InterruptedException {
        try {
            Optional<String> container = container(log);
            if (container.isEmpty()) {
                return; // it has ended: nobody writes there any more
            }
            Path away = log.resolveSibling(log.getFileName() + "." + STAMP.format(clock.instant()));
            Files.move(log, away);
            try {
                runtime.reopenContainerLog(ReopenContainerLogRequest.newBuilder().setContainerId(container.get()).build());
            } catch (CriException | InterruptedException e) {
                if (!Files.exists(log)) {
                    Files.move(away, log);
                }
                throw e;
            }
            List<Path> all = new LogFiles(log).all();
            for (Path old : all.subList(0, Math.max(0, all.size() - MOST_FILES))) {
                Files.deleteIfExists(old);
            }
        } catch (IOException | CriException e) {
            LOG.warn("Container log not rotated; it grows file={} why={}", log, e.toString());
        }
    }

    private Optional<String> container(Path log) throws CriException, InterruptedException {
        String pod = log.getParent().getParent().getFileName().toString();
        String name = log.getParent().getFileName().toString();
        String attempt = log.getFileName().toString().replace(".log", "");
        for (Container c : runtime.listContainers(ListContainersRequest.newBuilder().setFilter(ContainerFilter.newBuilder()
                .putAllLabelSelector(Map.of(Labels.POD_UID, pod.substring(pod.lastIndexOf('_') + 1), Labels.CONTAINER, name)))
                .build()).getContainersList()) {
            if (c.getState() == ContainerState.CONTAINER_RUNNING && attempt.equals(Integer.toString(c.getMetadata().getAttempt()))) {
                return Optional.of(c.getId());
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }
}
