package io.manul.helm.template;

import io.manul.helm.template.functions.Paths;
import io.manul.helm.template.go.Func;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.YamlOut;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** {@code .Files}: a map of names and bytes that answers Get, Glob, Lines and so on. Bytes become a list only when one asks for them. */
final class FilesMap extends GoMap {

    private static final long serialVersionUID = 1;

    private final transient Map<String, byte[]> data = new java.util.TreeMap<>();

    FilesMap(List<ChartFile> files) {
        super("engine.files");
        files.forEach(f -> add(f.name(), f.data()));
    }

    private FilesMap() {
        super("engine.files");
    }

    private void add(String name, byte[] bytes) {
        data.put(name, bytes);
        put(name, new Bytes(bytes));
    }

    /** Behaves as {@code []uint8} and is unpacked when it is looked into. */
    private static final class Bytes extends Slice {

        private static final long serialVersionUID = 1;
        private final transient byte[] bytes;
        private transient boolean unpacked;

        Bytes(byte[] bytes) {
            super("uint8");
            this.bytes = bytes;
        }

        private void unpack() {
            if (!unpacked) {
                unpacked = true;
                addAll(Slice.bytes(bytes));
            }
        }

        @Override
        public int size() {
            if (!unpacked) {
                unpack();
            }
            return super.size();
        }

        @Override
        public Object get(int index) {
            unpack();
            return super.get(index);
        }

        @Override
        public boolean isEmpty() {
            return bytes.length == 0;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Bytes b && java.util.Arrays.equals(bytes, b.bytes);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(bytes);
        }
    }

    @Override
    public Func method(String name) {
        return switch (name) {
            case "Get" -> Func.of(name, "string", a -> Text.of(bytes(a)));
            case "GetBytes" -> Func.of(name, "string", a -> Slice.bytes(bytes(a)));
            case "Glob" -> Func.of(name, "string", a -> glob((String) a[0]));
            case "AsConfig" -> Func.of(name, "", a -> yaml(false));
            case "AsSecrets" -> Func.of(name, "", a -> yaml(true));
            case "Lines" -> Func.of(name, "string", a -> lines(bytes(a)));
            default -> null;
        };
    }

    private byte[] bytes(Object[] a) {
        return data.getOrDefault((String) a[0], new byte[0]);
    }

    private FilesMap glob(String pattern) {
        String regex = Globs.files(pattern);
        FilesMap out = new FilesMap();
        java.util.regex.Pattern p = java.util.regex.Pattern.compile(regex == null ? ".*" : regex, java.util.regex.Pattern.DOTALL);
        data.forEach((name, bytes) -> {
            if (p.matcher(name).matches()) {
                out.add(name, bytes);
            }
        });
        return out;
    }

    private String yaml(boolean secret) {
        GoMap m = new GoMap(GoMap.STRINGS);
        data.forEach((name, bytes) -> m.put(Paths.base(name), secret ? Base64.getEncoder().encodeToString(bytes) : Text.of(bytes)));
        String text = YamlOut.marshal(m);
        return text.substring(0, text.length() - 1);
    }

    private static Slice lines(byte[] bytes) {
        if (bytes.length == 0) {
            return new Slice("string");
        }
        String text = Text.of(bytes);
        text = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return Slice.strings(List.of(text.split("\n", -1)));
    }
}
