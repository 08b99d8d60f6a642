package io.manul.network.policy;

import io.manul.client.Key;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policies, namespaces and this node's pods as last seen, in one file, for a node that starts without its API. Written when they
 * change, at most once a minute, and when the room ends. The enforcer's thread.
 */
final class Memory {

    private static final Logger LOG = LoggerFactory.getLogger(Memory.class);
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_OCTETS = 16 << 20;

    private final Path file;
    private byte[] written = new byte[0];
    private long at = System.nanoTime() - EVERY_NANOS;

    Memory(Path file) {
        this.file = file;
    }

    /** @param now whether the minute counts */
    void save(World world, boolean now) {
        if (!now && System.nanoTime() - at < EVERY_NANOS) {
            return;
        }
        try {
            if (world.empty()) {
                written = new byte[0];
                Files.deleteIfExists(file);
                return;
            }
            byte[] next = text(world).bytes();
            if (!java.util.Arrays.equals(next, written)) {
                Files.createDirectories(file.getParent());
                Path beside = file.resolveSibling(file.getFileName() + ".new");
                Files.write(beside, next);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                written = next;
                at = System.nanoTime();
            }
        } catch (IOException e) {
            LOG.warn("Network policies are not remembered for a start without the API file={} why={}", file, e.toString());
        }
    }

    private static Obj text(World world) {
        List<Obj> pods = new ArrayList<>();
        world.pods().filter(PodEntry::here).sorted(java.util.Comparator.comparing(PodEntry::key)).forEach(p -> pods.add(Obj.of("namespace", p.key().namespace(),
                "name", p.key().name(), "uid", p.uid(), "labels", labels(p.labels()), "ports", p.ports().stream()
                        .map(n -> Obj.of("name", n.name(), "protocol", n.protocol(), "number", n.number())).toList())));
        Obj namespaces = Obj.of();
        new java.util.TreeMap<>(world.namespaces()).forEach((n, l) -> namespaces.put(n, labels(l)));
        return Obj.of("version", 1, "policies", world.policies().stream().map(Policy::object).toList(), "namespaces", namespaces, "pods", pods);
    }

    private static Obj labels(Map<String, String> labels) {
        Obj out = Obj.of();
        new java.util.TreeMap<>(labels).forEach(out::put);
        return out;
    }

    /** What was known; empty: nothing, or no policy. Addresses are not: sandboxes are new after a start. */
    Optional<Pending> load() {
        try {
            if (!Files.exists(file) || Files.size(file) > MOST_OCTETS) {
                return Optional.empty();
            }
            Obj all = Obj.parse(Files.readAllBytes(file));
            if (all.number("version").orElse(0) != 1 || all.objects("policies").isEmpty()) {
                return Optional.empty();
            }
            Pending out = new Pending();
            all.objects("policies").forEach(p -> out.policies.put(Key.of(p), Optional.of(Policy.of(p))));
            all.at("namespaces").map().keySet().forEach(n -> out.namespaces.put(n, Optional.of(all.stringMap("namespaces", n))));
            all.objects("pods").forEach(p -> {
                Key key = new Key(p.text("namespace"), p.text("name"));
                out.pods.put(key, Optional.of(new PodEntry(key, p.text("uid"), p.stringMap("labels"), true, List.of(), List.of(), p.objects("ports").stream()
                        .map(n -> new PodEntry.Named(n.text("name"), n.text("protocol"), (int) n.number("number").orElse(0))).toList())));
            });
            return Optional.of(out);
        } catch (IOException | JsonException e) {
            LOG.warn("Remembered network policies cannot be read file={} why={}", file, e.toString());
            return Optional.empty();
        }
    }
}
