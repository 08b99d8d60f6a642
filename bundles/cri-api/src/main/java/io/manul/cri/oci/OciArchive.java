package io.manul.cri.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An image of one layer, described step by step and written as an archive that {@code ctr images import} and the image folder
 * take: an OCI image layout as a tar; the index names the image by containerd's annotation {@code io.containerd.image.name}.
 * The same description always gives the same bytes. Not safe for several threads.
 */
public final class OciArchive {

    private static final String CREATED = "1970-01-01T00:00:00Z";

    private final String name;
    private final String architecture;
    private final Tar layer = new Tar();
    private final TreeSet<String> directories = new TreeSet<>();
    private final List<String> environment = new ArrayList<>();
    private List<String> entrypoint = List.of();
    private List<String> command = List.of();

    /**
     * @param name         with registry and tag: {@code manul.io/examples/hello:1}
     * @param architecture as Go names it: {@code amd64}, {@code arm64}
     */
    public OciArchive(String name, String architecture) {
        this.name = name;
        this.architecture = architecture;
    }

    /** An image for the machine that this runs on. */
    public static OciArchive here(String name) {
        return new OciArchive(name, architecture());
    }

    /** This machine's architecture, as Go and OCI name it. */
    public static String architecture() {
        String java = System.getProperty("os.arch");
        return switch (java) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> java;
        };
    }

    public OciArchive entrypoint(String... arguments) {
        entrypoint = List.of(arguments);
        return this;
    }

    public OciArchive command(String... arguments) {
        command = List.of(arguments);
        return this;
    }

    public OciArchive environment(String key, String value) {
        environment.add(key + "=" + value);
        return this;
    }

    /** @param path absolute; the folders above it are made */
    public OciArchive directory(String path, int mode) {
        String relative = relative(path);
        above(relative);
        if (directories.add(relative)) {
            layer.directory(relative, mode);
        }
        return this;
    }

    public OciArchive file(String path, int mode, byte[] content) {
        String relative = relative(path);
        above(relative);
        layer.file(relative, mode, content);
        return this;
    }

    public OciArchive symbolicLink(String path, String target) {
        String relative = relative(path);
        above(relative);
        layer.symbolicLink(relative, target);
        return this;
    }

    /** @param file a file that was added before */
    public OciArchive hardLink(String path, String file) {
        String relative = relative(path);
        above(relative);
        layer.hardLink(relative, relative(file));
        return this;
    }

    /** Writes the archive beside its place and moves it there: a watcher of the folder never sees half of it. */
    public void write(Path file) throws IOException {
        Path half = file.resolveSibling("." + file.getFileName() + ".part");
        Files.write(half, bytes());
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    public byte[] bytes() {
        Tar archive = new Tar();
        archive.file("oci-layout", 0644, utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
        archive.directory("blobs", 0755);
        archive.directory("blobs/sha256", 0755);
        byte[] layerBytes = layer.bytes();
        byte[] config = utf8(config(digest(layerBytes)));
        byte[] manifest = utf8(manifest(config, layerBytes));
        for (byte[] blob : List.of(layerBytes, config, manifest)) {
            archive.file("blobs/sha256/" + digest(blob), 0644, blob);
        }
        archive.file("index.json", 0644, utf8(index(manifest)));
        return archive.bytes();
    }

    private String config(String layerDigest) {
        return "{\"created\":\"" + CREATED + "\",\"architecture\":" + quote(architecture) + ",\"os\":\"linux\",\"config\":{"
                + "\"Env\":" + array(environment) + ",\"Entrypoint\":" + array(entrypoint) + ",\"Cmd\":" + array(command)
                + "},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + layerDigest + "\"]},"
                + "\"history\":[{\"created\":\"" + CREATED + "\",\"created_by\":\"manul\"}]}";
    }

    private static String manifest(byte[] config, byte[] layerBytes) {
        return "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                + descriptor("application/vnd.oci.image.config.v1+json", config, "") + ",\"layers\":["
                + descriptor("application/vnd.oci.image.layer.v1.tar", layerBytes, "") + "]}";
    }

    private String index(byte[] manifest) {
        String tag = name.substring(name.lastIndexOf(':') + 1);
        String more = ",\"platform\":{\"architecture\":" + quote(architecture) + ",\"os\":\"linux\"},\"annotations\":{"
                + "\"io.containerd.image.name\":" + quote(name) + ",\"org.opencontainers.image.ref.name\":" + quote(tag) + "}";
        return "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":["
                + descriptor("application/vnd.oci.image.manifest.v1+json", manifest, more) + "]}";
    }

    private static String descriptor(String type, byte[] blob, String more) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"sha256:" + digest(blob) + "\",\"size\":" + blob.length + more + "}";
    }

    private void above(String relative) {
        int slash = relative.lastIndexOf('/');
        if (slash > 0 && !directories.contains(relative.substring(0, slash))) {
            directory("/" + relative.substring(0, slash), 0755);
        }
    }

    private static String relative(String path) {
        if (!path.startsWith("/") || path.endsWith("/") || path.contains("//") || path.contains("/../")) {
            throw new IllegalArgumentException("path in an image: " + path + " must be absolute, without trailing slash or ..");
        }
        return path.substring(1);
    }

    private static String array(List<String> values) {
        return values.stream().map(OciArchive::quote).collect(Collectors.joining(",", "[", "]"));
    }

    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                default -> {
                    if (c < 0x20) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(byte[] blob) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(blob));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
