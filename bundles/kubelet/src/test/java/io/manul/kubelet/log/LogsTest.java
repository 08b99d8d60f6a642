package io.manul.kubelet.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogsTest {

    @TempDir
    Path folder;
    private Path log;

    @BeforeEach
    void write() throws IOException {
        log = folder.resolve("0.log");
        Files.writeString(log, """
                2026-01-01T00:00:01.000000001Z stdout F one
                2026-01-01T00:00:02.000000002Z stderr P tw
                2026-01-01T00:00:02.000000003Z stderr F o
                2026-01-01T00:00:03.000000000+00:00 stdout F\s
                2026-01-01T00:00:04.000000004Z stdout F four  spaced
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            2026-01-01T00:00:01Z stdout F text|false|true|text
            2026-01-01T00:00:01Z stderr P part|true|false|part
            2026-01-01T00:00:01Z stdout F:x tagged|false|true|tagged
            2026-01-01T00:00:01Z stdout P:x tagged|false|false|tagged
            """)
    void lines(String line, boolean stderr, boolean whole, String text) {
        LogLine l = LogLine.parse(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertEquals(stderr, l.stderr());
        assertEquals(whole, l.whole());
        assertEquals(text, new String(l.text(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"''", "x", "2026 stdin F x", "a b", "one two three"})
    void whatIsNoLineIsPassedOver(String line) {
        assertTrue(LogLine.parse(line.getBytes(StandardCharsets.UTF_8)).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"0,''", "1,'four  spaced\n'", "2,'\nfour  spaced\n'", "3,'two\n\nfour  spaced\n'", "4,'one\ntwo\n\nfour  spaced\n'",
        "9,'one\ntwo\n\nfour  spaced\n'"})
    void tailCountsTheContainersLines(long lines, String text) throws Exception {
        assertEquals(text, sent(new LogRequest(false, false, false, lines, Instant.MIN, -1)));
    }

    @Test
    void tailOverBlocks() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            all.append("2026-01-01T00:00:01.000000001Z stdout F line ").append(i).append('\n');
        }
        Files.writeString(log, all);
        for (int n : new int[] {1, 150, 200, 4999, 5000, 6000}) {
            String text = sent(new LogRequest(false, false, false, n, Instant.MIN, -1));
            assertEquals(Math.min(n, 5000), text.lines().count());
            assertTrue(text.startsWith("line " + Math.max(0, 5000 - n) + "\n"));
        }
        try (FileChannel c = FileChannel.open(log)) {
            assertEquals(c.size(), LogTail.offset(c, 0));
        }
    }

    @Test
    void timestampsSinceAndLimit() throws Exception {
        assertEquals("""
                2026-01-01T00:00:02.000000002Z two
                2026-01-01T00:00:03.000000000+00:00\s
                2026-01-01T00:00:04.000000004Z four  spaced
                """, sent(new LogRequest(false, false, true, -1, Instant.parse("2026-01-01T00:00:02Z"), -1)));
        assertEquals("one\nt", sent(new LogRequest(false, false, false, -1, Instant.MIN, 5)));
    }

    private String sent(LogRequest request) throws Exception {
        FakeStream stream = new FakeStream("");
        new LogSender(log, "c1", request, () -> false).send(stream);
        assertTrue(stream.ended());
        return stream.text();
    }

    @Test
    void lastWordsFromTheLog() throws IOException {
        assertEquals("two\n\nfour  spaced\n", LogTail.text(log, 3, 2048));
        assertEquals("spaced\n", LogTail.text(log, 80, 7));
    }

    @Test
    void followGoesOnOverARotationAndEndsWithTheContainer() throws Exception {
        LogRequest follow = new LogRequest(true, false, false, 1, Instant.MIN, -1);
        int[] step = {0};
        FakeStream stream = new FakeStream("");
        stream.onIdle(() -> {
            switch (step[0]++) {
                case 0 -> append("2026-01-01T00:00:05Z stdout F five\n2026-01-01T00:00:06Z stdout P si");
                case 1 -> append("x\n2026-01-01T00:00:06Z stdout F !\n");
                case 2 -> {
                    Files.move(log, folder.resolve("0.log.20260101-000007"));
                    Files.writeString(folder.resolve("0.log.20260101-000007"), "2026-01-01T00:00:07Z stdout F late\n",
                            java.nio.file.StandardOpenOption.APPEND);
                }
                case 3 -> Files.writeString(log, "2026-01-01T00:00:08Z stdout F eight\n");
                default -> { }
            }
        });
        new LogSender(log, "c1", follow, () -> step[0] < 6).send(stream);
        assertEquals("four  spaced\nfive\nsix!\nlate\neight\n", stream.text());
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, java.nio.file.StandardOpenOption.APPEND);
    }

    /** Every place where a version may be taken away: the next one goes on without a gap and without a repeat. */
    @Test
    void anotherVersionGoesOnFromEveryCursor() throws Exception {
        StringBuilder all = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 9000; i++) {
            boolean part = i % 3 == 0;
            all.append("2026-01-01T00:00:01.000000001Z stdout ").append(part ? 'P' : 'F').append(" l").append(i).append('\n');
            expected.append('l').append(i).append(part ? "" : "\n");
        }
        Files.writeString(log, all);
        String text = "";
        String cursor = "";
        int versions = 0;
        for (boolean over = false; !over; versions++) {
            FakeStream stream = new FakeStream(cursor);
            stream.supersedeAfter(1);
            if (versions == 2) {
                Files.move(log, folder.resolve("0.log.20260101-000009")); // rotated between two versions
                Files.writeString(log, "2026-01-01T00:00:09Z stdout F next file\n");
            }
            try {
                new LogSender(log, "c1", new LogRequest(true, false, false, -1, Instant.MIN, -1), () -> false).send(stream);
                over = true;
            } catch (io.manul.api.http.Superseded e) {
                assertFalse(stream.ended());
            }
            text += stream.text();
            cursor = stream.cursor().orElse(cursor);
        }
        assertEquals(expected + "next file\n", text);
        assertTrue(versions > 5, "only " + versions + " versions");
    }

    @Test
    void aCursorOfAnotherVersionsFormStartsAnew() {
        assertTrue(LogCursor.parse("2;whatever").isEmpty());
        LogCursor c = new LogCursor("c1", 5, 6, -1, true);
        assertEquals(c, LogCursor.parse(c.toString()).orElseThrow());
    }
}
