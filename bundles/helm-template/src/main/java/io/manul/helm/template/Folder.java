package io.manul.helm.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A chart's folder, file by file in the order of their names. */
final class Folder {

    private static final long MOST_FILE = 5L << 20;
    private static final int MOST_DEPTH = 32;

    private final Path root;
    private final Ignore ignore;
    private final List<ChartFile> files = new ArrayList<>();

    private Folder(Path root, Ignore ignore) {
        this.root = root;
        this.ignore = ignore;
    }

    static List<ChartFile> read(Path root) throws IOException, ChartException {
        Path rules = root.resolve(".helmignore");
        Folder f = new Folder(root, Ignore.parse(Files.isRegularFile(rules) ? Files.readString(rules) : ""));
        f.walk(root, 0);
        return f.files;
    }

    private void walk(Path folder, int depth) throws IOException, ChartException {
        if (depth > MOST_DEPTH) {
            throw new ChartException(folder + " lies deeper than " + MOST_DEPTH + " folders in its chart");
        }
        List<Path> entries;
        try (Stream<Path> s = Files.list(folder)) {
            entries = s.sorted(java.util.Comparator.comparing(p -> p.getFileName().toString())).toList();
        }
        for (Path p : entries) {
            String name = root.relativize(p).toString().replace('\\', '/');
            boolean isFolder = Files.isDirectory(p);
            if (ignore.ignores(name, isFolder)) {
                continue;
            }
            if (isFolder) {
                walk(p, depth + 1);
            } else if (!Files.isRegularFile(p)) {
                throw new ChartException("cannot load irregular file " + p + " as it has file mode type bits set");
            } else if (Files.size(p) > MOST_FILE) {
                throw new ChartException("chart file " + io.manul.helm.template.go.Text.quote(p.getFileName().toString())
                        + " is larger than the maximum file size " + MOST_FILE);
            } else {
                files.add(new ChartFile(name, Archive.withoutMark(Files.readAllBytes(p))));
            }
        }
    }
}
