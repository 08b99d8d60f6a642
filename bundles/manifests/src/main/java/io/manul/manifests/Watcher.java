package io.manul.manifests;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for changes of the folder (inotify) and has them applied, once they are quiet for a moment. Runs on a thread of its own. */
final class Watcher implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    /** A file is often written in several steps. */
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Path root;
    private final Deployer deployer;
    private final WatchService watch;
    private final Map<Path, WatchKey> watched = new HashMap<>();
    final AtomicLong steps = new AtomicLong();
    final AtomicLong failures = new AtomicLong();

    Watcher(Path root, Deployer deployer) throws IOException {
        this.root = root;
        this.deployer = deployer;
        Files.createDirectories(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.watch = root.getFileSystem().newWatchService();
    }

    void close() throws IOException {
        watch.close();
    }

    @Override
    public void run() {
        try {
            for (;;) {
                boolean settled = pass();
                WatchKey key = settled ? watch.take() : watch.poll(RETRY.toMillis(), TimeUnit.MILLISECONDS);
                while (key != null) {
                    key.pollEvents();
                    key.reset();
                    key = watch.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("The manifest folder is not watched any more folder={}", root);
        }
    }

    private boolean pass() throws InterruptedException {
        try {
            Folder.Look look = Folder.at(root);
            register(look.folders());
            boolean settled = deployer.pass(look);
            steps.incrementAndGet();
            return settled;
        } catch (IOException e) {
            LOG.error("The manifest folder cannot be read; tried again folder={} why={}", root, e.getMessage());
            return false;
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            LOG.error("A pass over the manifest folder failed folder={}", root, e);
            return false;
        }
    }

    private void register(List<Path> folders) throws IOException {
        watched.entrySet().removeIf(w -> {
            boolean gone = !folders.contains(w.getKey());
            if (gone) {
                w.getValue().cancel();
            }
            return gone;
        });
        boolean fresh = false;
        for (Path folder : folders) {
            if (!watched.containsKey(folder)) {
                watched.put(folder, folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE));
                fresh = true;
            }
        }
        if (fresh) {
            LOG.debug("Watching the manifest folders count={}", watched.size());
        }
    }
}
