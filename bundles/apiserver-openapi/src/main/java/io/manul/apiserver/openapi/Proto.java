package io.manul.apiserver.openapi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes one protobuf message (Protocol Buffers, "Encoding"). Empty texts, false and zero are left out, as proto3 says. */
final class Proto {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Proto text(int field, String value) {
        if (!value.isEmpty()) {
            content(field, value.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    /** An embedded message; written also when it is empty, since being there says something. */
    Proto message(int field, Consumer<Proto> fill) {
        Proto inner = new Proto();
        fill.accept(inner);
        content(field, inner.bytes.toByteArray());
        return this;
    }

    Proto flag(int field, boolean value) {
        return value ? presentFlag(field, true) : this;
    }

    /** A member of a oneof, where false is not the same as absent. */
    Proto presentFlag(int field, boolean value) {
        varint((long) field << 3 | VARINT);
        varint(value ? 1 : 0);
        return this;
    }

    Proto integer(int field, long value) {
        if (value != 0) {
            varint((long) field << 3 | VARINT);
            varint(value);
        }
        return this;
    }

    /** A double; a value that is no number is left out. */
    Proto number(int field, Object value) {
        if (value instanceof Number n && n.doubleValue() != 0) {
            varint((long) field << 3 | FIXED64);
            long bits = Double.doubleToLongBits(n.doubleValue());
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                bytes.write((int) (bits >>> shift));
            }
        }
        return this;
    }

    void writeTo(OutputStream out) throws IOException {
        bytes.writeTo(out);
    }

    private void content(int field, byte[] value) {
        varint((long) field << 3 | LENGTH);
        varint(value.length);
        bytes.writeBytes(value);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
