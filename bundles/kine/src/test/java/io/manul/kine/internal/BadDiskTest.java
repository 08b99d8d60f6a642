package io.manul.kine.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import io.manul.datastore.Durability;
import io.manul.datastore.Result;
import io.manul.datastore.engine.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files, foreign files, a full disk, a second server. */
class BadDiskTest {

    @TempDir
    Path data;

    private Kine kine() {
        return new Kine(data, Limits.forHeap(64 << 20));
    }

    private static Datastore store(Kine kine) {
        return (Datastore) kine.offers().get(Datastore.class);
    }

    private Path file() {
        return data.resolve("server/db/state.db");
    }

    private void fill() throws Exception {
        Kine kine = kine();
        kine.begin(new byte[0]);
        for (int i = 0; i < 200; i++) {
            store(kine).put("/k" + i, ("value-" + i + "-").repeat(20).getBytes(StandardCharsets.US_ASCII), 0, 0,
                    Durability.DURABLE);
        }
        kine.end();
    }

    private String refused() throws IOException {
        byte[] before = Files.readAllBytes(file());
        Kine kine = kine();
        DatastoreException damaged = assertThrows(DatastoreException.class, () -> kine.begin(new byte[0]));
        assertArrayEquals(before, Files.readAllBytes(file()), "a damaged file was written to");
        kine.end();
        return damaged.getMessage();
    }

    @Test
    void everyFlippedByteOfAValueIsFoundAndTheFileIsLeftAlone() throws Exception {
        fill();
        byte[] whole = Files.readAllBytes(file());
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        Random random = new Random(3);
        for (int round = 0; round < 20; round++) {
            // everywhere it stands: pages keep old copies of moved rows in their slack
            String value = "value-" + random.nextInt(200) + "-";
            int offset = random.nextInt(60);
            byte[] flipped = whole.clone();
            for (int at = text.indexOf(value.repeat(20)); at >= 0; at = text.indexOf(value.repeat(20), at + 1)) {
                flipped[at + offset] ^= 1;
            }
            Files.write(file(), flipped);
            String message = refused();
            assertTrue(message.contains(file().toString()) && message.contains("is damaged: the checksum of the row of revision")
                    && message.contains("Move") && message.contains("backup"), message);
        }
        Files.write(file(), whole);
        Kine kine = kine();
        kine.begin(new byte[0]);
        assertEquals(200, store(kine).count("/", "0"));
        kine.end();
    }

    @Test
    void flippedBytesAnywhereAreNeverServed() throws Exception {
        fill();
        byte[] whole = Files.readAllBytes(file());
        Random random = new Random(4);
        int found = 0;
        for (int round = 0; round < 60; round++) {
            byte[] flipped = whole.clone();
            flipped[random.nextInt(whole.length)] ^= (byte) (1 + random.nextInt(255));
            Files.write(file(), flipped);
            Kine kine = kine();
            try {
                kine.begin(new byte[0]);
                // a byte that nothing depends on: then all is there
                assertEquals(200, store(kine).count("/", "0"));
                for (int i = 0; i < 200; i++) {
                    assertArrayEquals(("value-" + i + "-").repeat(20).getBytes(StandardCharsets.US_ASCII),
                            store(kine).get("/k" + i, 0).orElseThrow().value());
                }
            } catch (DatastoreException e) {
                assertTrue(e.getMessage().contains(file().toString()), e.getMessage());
                found++;
            } finally {
                kine.end();
            }
        }
        assertTrue(found > 20, "only " + found + " of 60 were found");
    }

    @Test
    void whatIsNoDatabaseIsNamed() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "this is no database, it is a letter. ".repeat(200));
        String message = refused();
        assertTrue(message.contains(file().toString()) && message.contains("is damaged"), message);
    }

    @Test
    void aDatastoreOfK3sIsNamed() throws Exception {
        Files.createDirectories(file().getParent());
        NativeLibrary.place(data);
        try (var connection = new org.sqlite.JDBC().connect("jdbc:sqlite:" + file(), new java.util.Properties())) {
            Sqlite.run(connection, "create table kine(id integer primary key)");
        }
        String message = refused();
        assertTrue(message.contains("is a datastore of k3s"), message);
    }

    @Test
    void aSecondServerIsRefused() throws Exception {
        Kine first = kine();
        first.begin(new byte[0]);
        Kine second = kine();
        DatastoreException busy = assertThrows(DatastoreException.class, () -> second.begin(new byte[0]));
        assertTrue(busy.getMessage().contains("Another server works on"), busy.getMessage());
        assertTrue(store(first).put("/a", new byte[0], 0, 0, Durability.DURABLE).succeeded());
        first.end();
        second.begin(new byte[0]);
        assertEquals(1, store(second).count("/", "0"));
        second.end();
    }

    @Test
    void aFullDiskIsSaidSoReadsGoOnAndWritesComeBack() throws Exception {
        Path disk = Files.createDirectories(data.resolve("disk"));
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()) == 0,
                "mounting a small disk needs root");
        Kine kine = new Kine(disk, Limits.forHeap(256 << 20));
        try {
            kine.begin(new byte[0]);
            Datastore store = store(kine);
            store.put("/first", "1".getBytes(StandardCharsets.US_ASCII), 0, 0, Durability.DURABLE);
            Path filler = disk.resolve("filler");
            fillUp(filler);
            int kept = 1;
            DatastoreException full = null;
            while (full == null) {
                try {
                    assertTrue(store.put("/k" + kept, new byte[20_000], 0, 0, Durability.DURABLE).succeeded());
                    kept++;
                } catch (DatastoreException e) {
                    full = e;
                }
            }
            assertEquals(Reason.NO_SPACE, full.reason(), full.getMessage());
            assertTrue(full.getMessage().startsWith("etcdserver: mvcc: database space exceeded"), full.getMessage());
            assertTrue(full.getMessage().contains("state.db"), full.getMessage());
            assertEquals(kept, store.count("/", "0"));
            long revision = store.currentRevision();
            assertEquals(0, store.poll("/", "0", revision, 10, Duration.ZERO).events().size());
            assertEquals(Reason.NO_SPACE, assertThrows(DatastoreException.class,
                    () -> store.put("/more", new byte[20_000], 0, 0, Durability.DURABLE)).reason());
            Files.delete(filler);
            Result again = store.put("/more", new byte[20_000], 0, 0, Durability.DURABLE);
            assertTrue(again.succeeded());
            assertEquals(revision + 1, again.revision());
            kine.end();
            kine.begin(new byte[0]);
            assertEquals(kept + 1, store.count("/", "0"));
        } finally {
            kine.end();
            run("umount", "-l", disk.toString());
        }
    }

    private static void fillUp(Path filler) throws IOException {
        try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (;;) {
                channel.write(ByteBuffer.allocate(4096));
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("No space"), e.getMessage());
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                .waitFor();
    }
}
