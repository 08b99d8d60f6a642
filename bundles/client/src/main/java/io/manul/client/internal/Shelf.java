package io.manul.client.internal;

import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of the API on the disk, for root only: single objects in {@code one}, collections in a folder each in {@code many}, a
 * file an object. What changes often is written once in a while; what is the same is not written again. Safe from any thread.
 */
final class Shelf implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);
    private static final Duration GATHER = Duration.ofSeconds(2);
    private static final int MOST_WAITING = 512;
    private static final byte[] GONE = new byte[0];

    private final Path folder;
    private final Map<Path, byte[]> waiting = new LinkedHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread writer;
    private boolean trouble;

    Shelf(Path folder) throws IOException {
        this.folder = folder;
        for (String part : List.of("", "one", "many")) {
            Files.createDirectories(folder.resolve(part), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        writer = Thread.ofVirtual().name("api-memory").start(this::run);
    }

    private static String name(String key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256 in this JDK", e);
        }
    }

    private Path one(String key) {
        return folder.resolve("one").resolve(name(key));
    }

    private Path many(String key) {
        return folder.resolve("many").resolve(name(key));
    }

    /** What the shelf would read of a file now. */
    private Optional<byte[]> content(Path file) throws IOException {
        synchronized (waiting) {
            byte[] next = waiting.get(file);
            if (next != null) {
                return next == GONE ? Optional.empty() : Optional.of(next);
            }
        }
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void put(Path file, byte[] content) {
        synchronized (waiting) {
            waiting.put(file, content);
            waiting.notifyAll();
        }
    }

    // ---- single objects: the first line is the key

    void keep(String key, byte[] answer) {
        byte[] head = (key + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + answer.length);
        System.arraycopy(answer, 0, all, head.length, answer.length);
        put(one(key), all);
    }

    void forget(String key) {
        put(one(key), GONE);
    }

    Optional<byte[]> recall(String key) throws IOException {
        return content(one(key)).flatMap(all -> {
            int line = new String(all, StandardCharsets.ISO_8859_1).indexOf('\n');
            byte[] body = Arrays.copyOfRange(all, line + 1, all.length);
            try {
                Obj.parse(body);
                return Optional.of(body);
            } catch (JsonException e) {
                LOG.warn("A remembered answer is damaged and not used key={} why={}", key, e.getMessage());
                return Optional.empty();
            }
        });
    }

    // ---- collections

    /** A whole list, or one page of it. @param last whether it is complete now: then what is not in it is gone @param seen names of all its pages */
    void keepList(String key, Obj page, boolean last, java.util.Set<String> seen) throws IOException {
        Path list = many(key);
        for (Obj item : page.objects("items")) {
            seen.add(file(item));
            put(list.resolve(file(item)), item.bytes());
        }
        if (last) {
            for (Path p : files(list)) {
                if (!seen.contains(p.getFileName().toString())) {
                    put(p, GONE);
                }
            }
            put(list.resolve("list"), head(page.kind(), page.apiVersion(), page.text("metadata", "resourceVersion")));
        }
    }

    private static byte[] head(String kind, String apiVersion, String version) {
        return Obj.of("kind", kind, "apiVersion", apiVersion, "metadata", Obj.of("resourceVersion", version)).bytes();
    }

    private static String file(Obj object) {
        return "o" + name(object.namespace() + "/" + object.name());
    }

    /** An event of the collection's watch. */
    void keepEvent(String key, Obj event) throws IOException {
        Path list = many(key);
        Obj object = event.at("object");
        switch (event.text("type")) {
            case "ADDED", "MODIFIED" -> put(list.resolve(file(object)), object.bytes());
            case "DELETED" -> put(list.resolve(file(object)), GONE);
            default -> {
                return; // bookmarks alone are not worth a write
            }
        }
        Optional<byte[]> head = content(list.resolve("list"));
        if (head.isPresent()) {
            Obj old = Obj.parse(head.get());
            put(list.resolve("list"), head(old.kind(), old.apiVersion(), object.resourceVersion()));
        }
    }

    Optional<Obj> recallList(String key) throws IOException {
        Path list = many(key);
        Optional<byte[]> head = content(list.resolve("list"));
        if (head.isEmpty()) {
            return Optional.empty();
        }
        flush();
        Obj all = Obj.parse(head.get());
        List<Object> items = all.list("items");
        for (Path p : files(list)) {
            try {
                items.add(Obj.parse(Files.readAllBytes(p)).map());
            } catch (JsonException e) {
                LOG.warn("A remembered object is damaged and left out file={} why={}", p, e.getMessage());
            }
        }
        return Optional.of(all);
    }

    private static List<Path> files(Path list) throws IOException {
        if (!Files.isDirectory(list)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(list)) {
            return all.filter(p -> p.getFileName().toString().matches("o[0-9a-f]{32}")).toList();
        }
    }

    // ---- the writer

    private void run() {
        try {
            for (;;) {
                synchronized (waiting) {
                    while (waiting.isEmpty()) {
                        waiting.wait();
                    }
                }
                boolean many;
                synchronized (waiting) {
                    many = waiting.size() > MOST_WAITING;
                }
                if (!many && closed.await(GATHER.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flush() {
        synchronized (this) {
            Map<Path, byte[]> now;
            synchronized (waiting) {
                now = new LinkedHashMap<>(waiting);
            }
            boolean pods = false;
            for (Map.Entry<Path, byte[]> e : now.entrySet()) {
                pods |= write(e.getKey(), e.getValue()) && e.getValue() == GONE;
            }
            synchronized (waiting) {
                now.forEach(waiting::remove);
            }
            if (pods) {
                sweep();
            }
        }
    }

    /** @return whether something changed */
    private boolean write(Path file, byte[] content) {
        try {
            if (content == GONE) {
                return Files.deleteIfExists(file);
            }
            if (Files.exists(file) && Files.size(file) == content.length && Arrays.equals(Files.readAllBytes(file), content)) {
                return false;
            }
            Files.createDirectories(file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path half = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(half);
            try (FileChannel out = FileChannel.open(half, java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                for (ByteBuffer b = ByteBuffer.wrap(content); b.hasRemaining();) {
                    out.write(b);
                }
                out.force(false);
            }
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            trouble = false;
            return true;
        } catch (IOException e) {
            if (!trouble) {
                LOG.warn("What the API answers cannot be remembered; a reboot without servers knows an older state file={} why={}", file, e.toString());
            }
            trouble = true;
            return false;
        }
    }

    /** What no remembered pod names any more is not kept: it may be secret. */
    private void sweep() {
        try (Stream<Path> lists = Files.list(folder.resolve("many")); Stream<Path> singles = Files.list(folder.resolve("one"))) {
            StringBuilder pods = new StringBuilder();
            for (Path list : lists.toList()) {
                if (Files.exists(list.resolve("list")) && Obj.parse(Files.readAllBytes(list.resolve("list"))).kind().equals("PodList")) {
                    for (Path p : files(list)) {
                        pods.append(Files.readString(p)).append('\n');
                    }
                }
            }
            for (Path p : singles.toList()) {
                String key = Files.readString(p).lines().findFirst().orElse("");
                String[] parts = key.split("[ /?]");
                boolean named = Stream.of(parts).filter(s -> !s.isEmpty()).reduce((a, b) -> b).filter(n -> pods.indexOf("\"" + n + "\"") >= 0).isPresent();
                if (key.contains("/secrets/") && !named || key.contains("/token ") && pods.indexOf("\"" + key.substring(key.lastIndexOf(' ') + 1) + "\"") < 0) {
                    Files.delete(p);
                }
            }
        } catch (IOException | JsonException e) {
            LOG.warn("Remembered Secrets that nothing needs any more could not be looked for folder={} why={}", folder, e.toString());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        writer.interrupt();
        flush();
    }
}
