package io.manul.apiserver.engine.store;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Watch events as bytes, encoded once for all watchers: a small table of recent encodings by what they encode. Bounded by
 * entries and by size; a miss only costs the encoding. Safe from any thread.
 */
public final class EventEncoder {

    private static final int ENTRIES = 128;
    /** Larger events are not kept. */
    private static final int MOST_BYTES = 16 << 10;

    private record Entry(long revision, String key, String type, String form, byte[] bytes) {
        boolean is(long revision, String key, String type, String form) {
            return this.revision == revision && this.type.equals(type) && this.form.equals(form) && this.key.equals(key);
        }
    }

    private final AtomicReferenceArray<Entry> recent = new AtomicReferenceArray<>(ENTRIES);

    /** One line: {@code {"type":TYPE,"object":OBJECT}}. @param form the version shown, part of the identity */
    public byte[] encode(long revision, String key, String type, String form, Supplier<byte[]> object) {
        int slot = (int) ((revision * 3 + type.length()) % ENTRIES);
        Entry there = recent.get(slot);
        if (there != null && there.is(revision, key, type, form)) {
            return there.bytes;
        }
        byte[] line = line(type, object.get());
        if (line.length <= MOST_BYTES) {
            recent.set(slot, new Entry(revision, key, type, form, line));
        }
        return line;
    }

    /** An event that is not worth keeping. */
    public static byte[] line(String type, byte[] object) {
        byte[] head = Encoding.ascii("{\"type\":\"" + type + "\",\"object\":");
        byte[] line = new byte[head.length + object.length + 2];
        System.arraycopy(head, 0, line, 0, head.length);
        System.arraycopy(object, 0, line, head.length, object.length);
        line[line.length - 2] = '}';
        line[line.length - 1] = '\n';
        return line;
    }
}
