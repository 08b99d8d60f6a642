package io.manul.kine.internal;

import io.manul.datastore.Datastore;
import io.manul.datastore.DatastoreException;
import io.manul.datastore.Durability;
import io.manul.datastore.KeyValue;
import io.manul.datastore.Result;
import io.manul.datastore.engine.Limits;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process that the kill test kills: opens the datastore, tells what is in it, and writes with eight threads, each on its
 * own keys, telling each acknowledged write. A line is in the pipe before the next write begins, so what was told outlives
 * the kill. What a thread does next follows from its number and its step alone, so the test knows it too.
 */
final class Victim {

    static final int THREADS = 8;
    private static final int KEYS = 6;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final Datastore store;

    private Victim(Datastore store) {
        this.store = store;
    }

    /** One step of one thread. */
    record Step(int thread, int number) {
        private int chance() {
            int h = thread * 31_337 + number * 7919;
            h ^= h >>> 7;
            h *= 0x2c1b3c6d;
            return (h ^ h >>> 12) & 0xffff;
        }

        String key() {
            return "/k/" + thread + "/" + chance() % KEYS;
        }

        /** Stretches of volatile writes alone, so that a kill finds some that are not on the disk. */
        private boolean beats() {
            return number / 64 % 2 == 1;
        }

        boolean deletes() {
            return !beats() && chance() / KEYS % 5 == 0;
        }

        boolean isVolatile() {
            return beats() || !deletes() && chance() / KEYS / 5 % 3 == 0;
        }

        String value() {
            return thread + "." + number + "." + "x".repeat(chance() % 700);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Kine kine = new Kine(Path.of(arguments[0]), Limits.forHeap(8 << 20));
        kine.begin(new byte[0]);
        Victim victim = new Victim((Datastore) kine.offers().get(Datastore.class));
        victim.tellState();
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            int first = Integer.parseInt(arguments[1 + thread]);
            Thread.ofPlatform().start(() -> victim.write(number, first));
        }
    }

    private void tell(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // the test is gone
            Runtime.getRuntime().halt(3);
        }
    }

    private void tellState() throws DatastoreException {
        tell("begin " + store.currentRevision() + " " + store.compactRevision());
        for (KeyValue kv : store.range("/", "0", 0, 0).items()) {
            String value = new String(kv.value(), StandardCharsets.US_ASCII);
            tell("has " + kv.key() + " " + kv.modRevision() + " " + value);
        }
        tell("go");
    }

    private void write(int thread, int first) {
        try {
            for (int number = first;; number++) {
                Step step = new Step(thread, number);
                Optional<KeyValue> now = store.get(step.key(), 0);
                Result result = step.deletes() ? store.delete(step.key(), now.map(KeyValue::modRevision).orElse(0L))
                        : store.put(step.key(), step.value().getBytes(StandardCharsets.US_ASCII),
                                now.map(KeyValue::modRevision).orElse(0L), 0,
                                step.isVolatile() ? Durability.VOLATILE : Durability.DURABLE);
                if (result.succeeded() || step.deletes() && now.isEmpty()) {
                    tell("did " + thread + " " + number + " " + (result.succeeded() ? result.revision() : 0));
                } else {
                    tell("wrong: a conflict on a key of one writer: " + step.key() + " was " + now + ", " + result);
                }
                if (number % 40 == 0) {
                    compact();
                }
            }
        } catch (DatastoreException | RuntimeException e) {
            tell("wrong: " + e);
        }
    }

    private void compact() throws DatastoreException {
        try {
            store.compact(Math.max(2, store.currentRevision() - 30));
        } catch (DatastoreException e) {
            if (e.reason() != DatastoreException.Reason.COMPACTED) {
                throw e;
            }
        }
    }
}
