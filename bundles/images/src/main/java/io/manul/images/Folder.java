package io.manul.images;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the folder (inotify): what lies there at the start is handled at once, archives before lists; a file that comes or
 * changes is handled when it has kept size and time for a while. One virtual thread, which sleeps while nothing changes.
 */
final class Folder {

    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);

    private final Path folder;
    private final Importer importer;
    private final Record record;
    private final Duration quiet;
    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private WatchService watch;
    private Thread thread;

    /** @param quiet how long a file must not have changed before it is read */
    Folder(Path folder, Importer importer, Record record, Duration quiet) {
        this.folder = folder;
        this.importer = importer;
        this.record = record;
        this.quiet = quiet;
    }

    void begin() throws IOException {
        Files.createDirectories(folder);
        watch = folder.getFileSystem().newWatchService();
        folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        thread = Thread.ofVirtual().name("manul-images").start(this::run);
    }

    /** True when everything that lay there at the start was handled within the limit. */
    boolean awaitFirst(Duration limit) throws InterruptedException {
        return first.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    void end() throws IOException, InterruptedException {
        thread.interrupt();
        thread.join(Duration.ofSeconds(4));
        watch.close();
    }

    long failed() {
        return failed.get();
    }

    long handled() {
        return handled.get();
    }

    private void run() {
        try {
            record.read();
            List<Path> files = present();
            if (!files.isEmpty()) {
                importer.awaitRuntime();
            }
            for (Path file : files) {
                handle(file);
            }
            first.countDown();
            changes();
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("The image folder is no longer watched");
        } catch (IOException e) {
            LOG.error("The image folder cannot be watched; files in it are imported at the next start folder={} why={}", folder,
                    e.toString());
        } finally {
            first.countDown();
        }
    }

    private List<Path> present() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Importer::concerns).filter(Files::isRegularFile)
                    .sorted(Comparator.comparing((Path file) -> !Importer.archive(file)).thenComparing(Path::getFileName)).toList();
        }
    }

    private void handle(Path file) throws InterruptedException {
        try {
            importer.handle(file);
            handled.incrementAndGet();
        } catch (RuntimeException e) {
            failed.incrementAndGet(); // a fault of ours: it must not keep the other files
            LOG.error("Image file not imported because of a fault in Manul file={}", file, e);
        }
    }

    /** What changes waits until it is quiet: a copy in progress writes again and again. */
    private void changes() throws IOException, InterruptedException {
        Map<Path, Due> due = new HashMap<>();
        for (;;) {
            WatchKey key = due.isEmpty() ? watch.take() : watch.poll(untilNext(due), TimeUnit.NANOSECONDS);
            if (key != null) {
                for (WatchEvent<?> event : key.pollEvents()) {
                    notice(event, due);
                }
                if (!key.reset()) {
                    throw new IOException("the folder is gone");
                }
            }
            long now = System.nanoTime();
            for (Path file : due.entrySet().stream().filter(e -> e.getValue().atNanos - now <= 0).map(Map.Entry::getKey).toList()) {
                look(file, due);
            }
        }
    }

    /** When a file is looked at, and how it was when it was looked at last; null before the first time. */
    private record Due(long atNanos, Record.Stamp stamp) {
    }

    /** Half the time after an event, then again after the other half: the same both times, it is whole. */
    private void look(Path file, Map<Path, Due> due) throws IOException, InterruptedException {
        Record.Stamp before = due.remove(file).stamp;
        Record.Stamp now;
        try {
            now = Record.Stamp.of(file);
        } catch (NoSuchFileException e) {
            return; // gone again
        }
        if (!now.equals(before)) {
            due.put(file, new Due(System.nanoTime() + quiet.toNanos() / 2, now));
        } else if (Files.isRegularFile(file)) {
            importer.awaitRuntime();
            handle(file);
        }
    }

    private static long untilNext(Map<Path, Due> due) {
        return Math.max(1, due.values().stream().mapToLong(one -> one.atNanos - System.nanoTime()).min().orElse(0));
    }

    private void notice(WatchEvent<?> event, Map<Path, Due> due) throws IOException {
        if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
            present().forEach(file -> soon(file, due));
            return;
        }
        Path file = folder.resolve((Path) event.context());
        if (Importer.concerns(file)) {
            soon(file, due);
        }
    }

    private void soon(Path file, Map<Path, Due> due) {
        due.put(file, new Due(System.nanoTime() + quiet.toNanos() / 2, null));
    }
}
