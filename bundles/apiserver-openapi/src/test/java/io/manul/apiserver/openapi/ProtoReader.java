package io.manul.apiserver.openapi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads protobuf by field numbers, by the encoding page alone: shares no code with what it checks. */
final class ProtoReader {

    private final Map<Integer, List<byte[]>> fields = new HashMap<>();
    private final Map<Integer, Double> reals = new HashMap<>();

    ProtoReader(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            int field = (int) (tag >>> 3);
            switch ((int) tag & 7) {
                case 0 -> varint(in);
                case 1 -> reals.put(field, in.getDouble());
                case 2 -> {
                    byte[] value = new byte[(int) varint(in)];
                    in.get(value);
                    fields.computeIfAbsent(field, f -> new ArrayList<>()).add(value);
                }
                default -> throw new AssertionError("wire type " + (tag & 7));
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    boolean has(int field) {
        return fields.containsKey(field);
    }

    List<String> texts(int field) {
        return fields.getOrDefault(field, List.of()).stream().map(b -> new String(b, StandardCharsets.UTF_8)).toList();
    }

    String text(int field) {
        return texts(field).getLast();
    }

    double real(int field) {
        return reals.get(field);
    }

    List<ProtoReader> messages(int field) {
        return fields.getOrDefault(field, List.of()).stream().map(ProtoReader::new).toList();
    }

    ProtoReader message(int field) {
        return messages(field).getFirst();
    }

    /** The value (2) of the entry whose name (1) it is, in a repeated field of this message. */
    ProtoReader named(int field, String name) {
        return messages(field).stream().filter(m -> m.text(1).equals(name)).findFirst().orElseThrow().message(2);
    }

    /** The same, of an embedded message that stands in several pieces. */
    ProtoReader named(int field, int inner, String name) {
        return messages(field).stream().flatMap(m -> m.messages(inner).stream()).filter(m -> m.text(1).equals(name)).findFirst()
                .orElseThrow().message(2);
    }

    Set<String> names(int field, int inner) {
        Set<String> names = new LinkedHashSet<>();
        messages(field).forEach(m -> m.messages(inner).forEach(n -> names.add(n.text(1))));
        return names;
    }
}
