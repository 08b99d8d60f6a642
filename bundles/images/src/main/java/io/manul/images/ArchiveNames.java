package io.manul.images;

import io.manul.json.Json;
import io.manul.json.JsonException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * Which images an archive holds, read from its {@code index.json} (OCI image layout) or {@code manifest.json} (docker save). Reads
 * the whole file once, keeps only those two entries. What {@code ctr} would import under no name is refused here, with the reason.
 */
final class ArchiveNames {

    private static final int BLOCK = 512;
    private static final int JSON_LIMIT_BYTES = 4 << 20;

    private ArchiveNames() {
    }

    /** Full names, {@code docker.io/library/busybox:1}. @throws IOException that says what is wrong with the archive */
    static Set<String> of(Path archive) throws IOException {
        Set<String> names = new TreeSet<>();
        boolean known = false;
        try (InputStream in = open(archive)) {
            byte[] header = new byte[BLOCK];
            while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
                if (!new String(header, 257, 5, StandardCharsets.US_ASCII).equals("ustar")) {
                    throw new IOException("it is no tar archive");
                }
                String entry = text(header, 0, 100).replaceFirst("^\\./", "");
                long size = octal(header);
                long padded = (size + BLOCK - 1) / BLOCK * BLOCK;
                if (entry.equals("index.json") || entry.equals("manifest.json")) {
                    known = true;
                    collect(json(in, size), names);
                    padded -= size;
                }
                in.skipNBytes(padded);
            }
        } catch (EOFException e) {
            throw new IOException("it ends in the middle: it was not copied whole");
        }
        if (!known) {
            throw new IOException("it has neither index.json (OCI) nor manifest.json (docker save): it is no image archive");
        }
        if (names.isEmpty()) {
            throw new IOException("it names no image: save it with a name and tag (docker save NAME:TAG; OCI: the annotation"
                    + " io.containerd.image.name in index.json)");
        }
        return names;
    }

    private static InputStream open(Path archive) throws IOException {
        InputStream file = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
        return archive.toString().endsWith("gz") ? new GZIPInputStream(file, 1 << 16) : file;
    }

    private static Object json(InputStream in, long size) throws IOException {
        if (size > JSON_LIMIT_BYTES) {
            throw new IOException("its index has " + size + " bytes, the limit is " + JSON_LIMIT_BYTES);
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new EOFException();
        }
        try {
            return Json.parse(bytes);
        } catch (JsonException e) {
            throw new IOException("its index is no JSON: " + e.getMessage());
        }
    }

    /** index.json is an object with manifests and annotations, manifest.json a list with RepoTags. */
    private static void collect(Object json, Set<String> names) {
        if (json instanceof List<?> images) {
            for (Object image : images) {
                if (image instanceof Map<?, ?> map && map.get("RepoTags") instanceof List<?> tags) {
                    tags.forEach(tag -> names.add(full(String.valueOf(tag))));
                }
            }
        } else if (json instanceof Map<?, ?> index && index.get("manifests") instanceof List<?> manifests) {
            for (Object manifest : manifests) {
                if (manifest instanceof Map<?, ?> map && map.get("annotations") instanceof Map<?, ?> annotations
                        && annotations.get("io.containerd.image.name") instanceof String name) {
                    names.add(full(name));
                }
            }
        }
    }

    /** A name as containerd keeps it: with registry and tag (distribution reference, docker's short names). */
    static String full(String name) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        String whole = name;
        if (slash < 0) {
            whole = "docker.io/library/" + name;
        } else if (!first.contains(".") && !first.contains(":") && !first.equals("localhost")) {
            whole = "docker.io/" + name;
        } else if ((first.equals("docker.io") || first.equals("index.docker.io")) && name.indexOf('/', slash + 1) < 0) {
            whole = "docker.io/library/" + name.substring(slash + 1);
        }
        return whole.contains("@") || whole.lastIndexOf(':') > whole.lastIndexOf('/') ? whole : whole + ":latest";
    }

    private static String text(byte[] header, int at, int limit) {
        int end = at;
        while (end < at + limit && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.UTF_8);
    }

    /** The size: octal digits, or (large files, GNU) big-endian binary with the first bit set. */
    private static long octal(byte[] header) throws IOException {
        if ((header[124] & 0x80) != 0) {
            long size = header[124] & 0x7f;
            for (int i = 125; i < 136; i++) {
                size = size << 8 | header[i] & 0xff;
            }
            return check(size);
        }
        try {
            return check(Long.parseLong("0" + text(header, 124, 12).strip(), 8));
        } catch (NumberFormatException e) {
            throw new IOException("a tar header is damaged");
        }
    }

    private static long check(long size) throws IOException {
        if (size < 0 || size > 1L << 42) {
            throw new IOException("a tar header is damaged");
        }
        return size;
    }
}
