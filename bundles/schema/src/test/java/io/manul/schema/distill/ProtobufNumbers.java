package io.manul.schema.distill;

import io.manul.schema.Schema;
import io.manul.schema.Type;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes {@code protobuf.txt}, the field numbers of the wire form, from the descriptors inside {@code
 * io.kubernetes:client-java-proto}. Run by hand for a new minor, with that jar and protobuf-java on the class path (neither
 * is a dependency of the build): arguments: the file to write; the jar's path to list its classes.
 *
 * <p>A line: type, then {@code name:number}; {@code name:number>TYPE} where the wire form nests what JSON writes inline.
 */
public final class ProtobufNumbers {

    private record Field(String name, int number, String type) {
    }

    private ProtobufNumbers() {
    }

    public static void main(String[] args) throws Exception {
        Map<String, List<Field>> messages = new TreeMap<>();
        try (java.util.zip.ZipFile jar = new java.util.zip.ZipFile(args[1])) {
            for (var e : jar.stream().toList()) {
                if (e.getName().matches("io/kubernetes/client/proto/[A-Za-z0-9]+\\.class")) {
                    Class<?> c = Class.forName(e.getName().replace('/', '.').replace(".class", ""));
                    Object file = c.getMethod("getDescriptor").invoke(null);
                    Object proto = file.getClass().getMethod("toProto").invoke(file);
                    file(ByteBuffer.wrap((byte[]) proto.getClass().getMethod("toByteArray").invoke(proto)), messages);
                }
            }
        }
        Files.writeString(Path.of(args[0]), text(messages));
    }

    private static String text(Map<String, List<Field>> messages) throws IOException {
        Schema schema = Schema.builtIn();
        Map<String, String> lines = new TreeMap<>();
        Set<String> inline = new TreeSet<>();
        for (String name : schema.typeNames()) {
            List<Field> fields = messages.get(wire(name));
            if (fields != null) {
                lines.put(name, line(fields, schema.type(name).orElseThrow(), inline));
            }
        }
        for (String name : inline) {
            lines.putIfAbsent(name, line(messages.get(wire(name)), null, new TreeSet<>()));
        }
        StringBuilder out = new StringBuilder("# Distilled; see ProtobufNumbers for the format. Do not edit.\n");
        lines.forEach((name, line) -> out.append(name).append(line).append('\n'));
        return out.toString();
    }

    private static String line(List<Field> fields, Type type, Set<String> inline) {
        StringBuilder line = new StringBuilder();
        for (Field f : fields) {
            line.append(' ').append(f.name).append(':').append(f.number);
            boolean nested = type != null && !type.fields().containsKey(f.name) && f.type.startsWith(".k8s.io.");
            if (nested) {
                line.append('>').append(json(f.type));
                inline.add(json(f.type));
            }
        }
        return line.toString();
    }

    /** io.k8s.api.core.v1.Pod is k8s.io.api.core.v1.Pod on the wire. */
    private static String wire(String name) {
        return name.replaceFirst("^io\\.k8s\\.kube-aggregator\\.pkg\\.apis", "k8s.io.kube_aggregator.pkg.apis")
                .replaceFirst("^io\\.k8s\\.apiextensions-apiserver\\.", "k8s.io.apiextensions_apiserver.")
                .replaceFirst("^io\\.k8s\\.", "k8s.io.");
    }

    private static String json(String wire) {
        return wire.replaceFirst("^\\.k8s\\.io\\.", "io.k8s.");
    }

    // ---- FileDescriptorProto: package 2, message 4; DescriptorProto: name 1, field 2; FieldDescriptorProto: name 1, number 3, type_name 6

    private static void file(ByteBuffer in, Map<String, List<Field>> messages) {
        Map<Integer, List<ByteBuffer>> parts = parts(in);
        String prefix = string(parts, 2).orElse("") + ".";
        for (ByteBuffer message : parts.getOrDefault(4, List.of())) {
            Map<Integer, List<ByteBuffer>> m = parts(message);
            List<Field> fields = new ArrayList<>();
            for (ByteBuffer field : m.getOrDefault(2, List.of())) {
                Map<Integer, List<ByteBuffer>> f = parts(field);
                fields.add(new Field(string(f, 1).orElseThrow(), (int) f.get(3).getFirst().getLong(0), string(f, 6).orElse("")));
            }
            messages.put(prefix + string(m, 1).orElseThrow(), fields);
        }
    }

    private static Optional<String> string(Map<Integer, List<ByteBuffer>> parts, int number) {
        return Optional.ofNullable(parts.get(number)).map(l -> StandardCharsets.UTF_8.decode(l.getFirst().duplicate()).toString());
    }

    private static Map<Integer, List<ByteBuffer>> parts(ByteBuffer in) {
        ByteBuffer b = in.duplicate();
        Map<Integer, List<ByteBuffer>> parts = new LinkedHashMap<>();
        while (b.hasRemaining()) {
            long tag = varint(b);
            ByteBuffer value = switch ((int) (tag & 7)) {
                case 0 -> ByteBuffer.allocate(8).putLong(0, varint(b));
                case 1 -> take(b, 8);
                case 2 -> take(b, (int) varint(b));
                case 5 -> take(b, 4);
                default -> throw new IllegalStateException("wire type " + (tag & 7));
            };
            parts.computeIfAbsent((int) (tag >>> 3), n -> new ArrayList<>()).add(value);
        }
        return parts;
    }

    private static ByteBuffer take(ByteBuffer b, int n) {
        ByteBuffer part = b.slice(b.position(), n);
        b.position(b.position() + n);
        return part;
    }

    private static long varint(ByteBuffer b) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte next = b.get();
            value |= (long) (next & 127) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
