package io.manul.network.services;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The kernel's two tables as this room left them: writes changes, and everything anew when it must. One thread. */
final class Tables {

    private static final String VERSION = "services 1";
    /** Kernels before 6.2 let go of a chain that an element pointed to only a moment later. */
    private static final long LET_GO_NANOS = Duration.ofSeconds(1).toNanos();

    private final Tool tool;
    private final String table;
    private final Frame.Site site;
    private final List<Family> families;
    private final LongSupplier nanoTime;
    private Set<String> shared = new TreeSet<>();
    private final Map<String, Long> stale = new TreeMap<>();
    private boolean there;

    /** @param families those that the kernel has */
    Tables(Tool tool, String table, Frame.Site site, List<Family> families, LongSupplier nanoTime) {
        this.tool = tool;
        this.table = table;
        this.site = site;
        this.families = families;
        this.nanoTime = nanoTime;
    }

    static List<Family> families(Path proc) {
        return Files.exists(proc.resolve("net/if_inet6")) ? List.of(Family.values()) : List.of(Family.IPV4);
    }

    /** False: the next write starts from nothing, and must be given everything. */
    boolean there() {
        return there;
    }

    /** Writes nothing when nothing changes. After a failure nothing is there. */
    void write(Change change) throws IOException, InterruptedException {
        Script script = new Script(table, site);
        if (!there) {
            shared = new TreeSet<>();
            stale.clear();
            script.frame(families);
        }
        boolean whole = !there;
        there = false;
        long now = nanoTime.getAsLong();
        Set<String> emptied = script.change(change.only(families), shared);
        if (!script.text().isEmpty()) {
            change.added(Fact.Kind.CHAIN).forEach(f -> stale.remove(f.family().ip + " " + f.place()));
            tool.run(script.text(), "nft", "-f", "-");
        }
        there = true;
        if (!whole) {
            sweep(now);
            emptied.forEach(c -> stale.put(c, now));
        }
    }

    /** Whether the kernel would take this as the whole; nothing is written. */
    boolean accepts(Change change) throws InterruptedException {
        Script script = new Script(table, site).frame(families);
        script.change(change.only(families), new TreeSet<>());
        try {
            tool.run(script.text(), "nft", "-c", "-f", "-");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void sweep(long now) throws IOException, InterruptedException {
        List<String> old = stale.entrySet().stream().filter(e -> now - e.getValue() > LET_GO_NANOS).map(Map.Entry::getKey).toList();
        if (!old.isEmpty()) {
            tool.run(new Script(table, site).delete(old).text(), "nft", "-f", "-");
            old.forEach(stale::remove);
        }
    }

    /** Whether the kernel still has our tables: others flush the whole ruleset at times. */
    boolean check() throws InterruptedException {
        try {
            for (Family f : families) {
                tool.run("", "nft", "list", "chain", f.ip, table, "refuse");
            }
        } catch (IOException e) {
            there = false;
        }
        return there;
    }

    /** For the next version: what is there besides the Services' own. Empty when it must begin anew. */
    String text() {
        return !there ? "" : String.join("\n", head(), String.join(",", shared), String.join(",", stale.keySet())) + "\n";
    }

    /** @return whether the tables are as this version makes them */
    boolean take(List<String> lines) throws InterruptedException {
        if (lines.size() < 3 || !lines.getFirst().equals(head())) {
            return false;
        }
        list(lines.get(1)).forEach(shared::add);
        list(lines.get(2)).forEach(c -> stale.put(c, nanoTime.getAsLong()));
        there = true;
        return check();
    }

    private static Collection<String> list(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(","));
    }

    private String head() {
        String frames = families.stream().map(f -> Frame.of(f, table, site)).collect(Collectors.joining());
        return VERSION + " " + Names.of(frames) + " " + frames.getBytes(StandardCharsets.UTF_8).length;
    }
}
