package io.manul.kine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills (SIGKILL) a process that writes to one datastore, again and again: 15 times in the build, {@code -Dkills=200} for
 * the whole. No acknowledged write is lost; a volatile one may be, but only one after the last acknowledged durable one;
 * no revision is used twice; and when volatile ones may have been lost, all history before is compacted.
 */
class KillTest {

    @TempDir
    Path data;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    /** Every acknowledged step by its revision, over all lives. */
    private final Map<Long, Victim.Step> given = new HashMap<>();
    private final Map<String, TreeSteps> keys = new HashMap<>();
    private final int[] next = new int[Victim.THREADS];
    private long highest;
    private long highestDurable;
    private int lostVolatile;

    /** Steps of one key in order, with their revisions (0: not acknowledged). */
    private static final class TreeSteps extends java.util.TreeMap<Integer, Long> {
    }

    @Test
    void nothingAcknowledgedIsLostAndNoRevisionIsUsedTwice() throws Exception {
        int kills = Integer.getInteger("kills", 15);
        long start = System.nanoTime();
        for (int life = 0; life < kills; life++) {
            live(life);
        }
        System.out.printf("kill test: %d kills in %.1f s, %d acknowledged writes, %d starts without some volatile one,"
                + " seed %d%n", kills, (System.nanoTime() - start) / 1e9, given.size(), lostVolatile, seed);
        assertTrue(given.size() > kills, "hardly anything was written");
    }

    private void live(int life) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Victim.class.getName(), data.toString()));
        Arrays.stream(next).forEach(n -> command.add(String.valueOf(n)));
        Process victim = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.US_ASCII))) {
            int last = 1 + random.nextInt(random.nextInt(8) == 0 ? 30 : 900);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (lines.size() == last) {
                    victim.toHandle().destroyForcibly();
                }
            }
        } finally {
            victim.toHandle().destroyForcibly();
            victim.waitFor();
        }
        if (!lines.isEmpty()) {
            assertEquals(List.of(), Chains.broken(data.resolve("server/db/state.db")), () -> "seed " + seed);
        }
        check(life, lines);
    }

    private void check(int life, List<String> lines) {
        assertTrue(!lines.isEmpty() && lines.getFirst().startsWith("begin "), () -> "life " + life + " told " + lines);
        String[] begin = lines.getFirst().split(" ");
        long revision = Long.parseLong(begin[1]);
        assertTrue(revision >= highestDurable, () -> "went back to " + revision + " from " + highestDurable);
        Map<String, String[]> state = new HashMap<>();
        boolean whole = false;
        for (String line : lines) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "has" -> state.put(words[1], words);
                case "go" -> {
                    whole = true;
                    checkState(state, revision, Long.parseLong(begin[2]));
                }
                case "did" -> did(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]), revision);
                case "wrong:" -> fail("life " + life + ": " + line + " (seed " + seed + ")");
                default -> assertEquals("begin", words[0], line);
            }
        }
        if (whole) {
            attempted();
        }
    }

    /** The step after the last acknowledged one of each thread may have been done as well, or begun and not done. */
    private void attempted() {
        for (int thread = 0; thread < next.length; thread++) {
            Victim.Step step = new Victim.Step(thread, next[thread]++);
            keys.computeIfAbsent(step.key(), k -> new TreeSteps()).put(step.number(), 0L);
        }
    }

    private void did(int thread, int number, long revision, long begin) {
        Victim.Step step = new Victim.Step(thread, number);
        assertEquals(next[thread], number, "a step was not told");
        next[thread] = number + 1;
        if (revision == 0) {
            return;
        }
        assertTrue(revision > begin, () -> "revision " + revision + " at or before the begin's " + begin);
        assertNull(given.put(revision, step), () -> "revision " + revision + " was given out twice (seed " + seed + ")");
        keys.computeIfAbsent(step.key(), k -> new TreeSteps()).put(number, revision);
        highest = Math.max(highest, revision);
        if (!step.isVolatile()) {
            highestDurable = Math.max(highestDurable, revision);
        }
    }

    private void checkState(Map<String, String[]> state, long revision, long compact) {
        boolean lost = false;
        for (Map.Entry<String, TreeSteps> entry : keys.entrySet()) {
            lost |= check(entry.getKey(), entry.getValue(), state.get(entry.getKey()));
        }
        state.forEach((key, has) -> assertTrue(keys.containsKey(key), () -> "a key that nobody wrote: " + key));
        if (lost) {
            lostVolatile++;
            assertEquals(revision, compact, "volatile writes were lost, but old revisions can be read");
        }
        if (compact == revision) {
            assertTrue(revision > highest + 1 || revision <= 2, "a reader at the last revision would not notice");
        } else {
            assertTrue(revision >= highest, "went back");
        }
    }

    private static String told(int thread, TreeSteps steps) {
        StringBuilder text = new StringBuilder("its last steps:");
        steps.tailMap(steps.lastKey() - 60).forEach((n, revision) -> text.append(' ').append(n).append('@').append(revision)
                .append(new Victim.Step(thread, n).deletes() ? "delete" : new Victim.Step(thread, n).isVolatile() ? "volatile"
                : ""));
        return text.toString();
    }

    /** True when an acknowledged volatile step is not there. */
    private boolean check(String key, TreeSteps steps, String[] has) {
        int must = -1;
        int told = -1;
        for (Map.Entry<Integer, Long> step : steps.entrySet()) {
            if (step.getValue() != 0) {
                told = step.getKey();
                must = step.getValue() <= highestDurable ? told : must;
            }
        }
        int thread = Integer.parseInt(key.split("/")[2]);
        int is = must;
        if (has == null) {
            boolean gone = must < 0 || steps.tailMap(must, true).keySet().stream()
                    .anyMatch(n -> new Victim.Step(thread, n).deletes());
            assertTrue(gone, () -> "lost: " + key + " is not there, steps " + steps + " (seed " + seed + ")");
            is = Math.max(must, steps.keySet().stream().filter(n -> new Victim.Step(thread, n).deletes())
                    .reduce(-1, Math::max));
        } else {
            is = Integer.parseInt(has[3].split("\\.")[1]);
            Victim.Step step = new Victim.Step(thread, is);
            assertEquals(step.value(), has[3]);
            assertTrue(is >= must && steps.containsKey(is), () -> "lost: " + key + " is at revision " + has[2]
                    + ", " + told(thread, steps) + " (seed " + seed + ")");
            long revision = steps.get(is);
            assertTrue(revision == 0 || revision == Long.parseLong(has[2]), "another revision than acknowledged");
        }
        // what is there now is what counts from here on: what was lost does not come back
        int now = is;
        steps.tailMap(now, false).clear();
        if (now >= 0 && has != null) {
            long revision = Long.parseLong(has[2]);
            steps.put(now, revision);
            highest = Math.max(highest, revision);
            highestDurable = Math.max(highestDurable, revision);
        }
        return told > now;
    }
}
