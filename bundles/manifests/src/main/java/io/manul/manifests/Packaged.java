package io.manul.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The manifests that a distribution brings along ({@code HOME/manifests}): put into the folder at each start, with
 * {@code %{NAME}%} filled in (K3S.md 1.5, packaged manifests). A file that says so already is not written.
 */
final class Packaged {

    private final Path source;
    private final List<String> disabled;
    private final Map<String, String> variables;

    Packaged(Path source, List<String> disabled, Map<String, String> variables) {
        this.source = source;
        this.disabled = disabled;
        this.variables = variables;
    }

    void put(Path root) throws IOException {
        if (!Files.isDirectory(source)) {
            return;
        }
        Files.createDirectories(root);
        try (Stream<Path> all = Files.list(source)) {
            all.filter(ManifestFile::named).filter(f -> !disabled.contains(new ManifestFile(f, 0).disableName())).forEach(f -> put(f, root));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void put(Path file, Path root) {
        try {
            String text = Files.readString(file);
            for (Map.Entry<String, String> v : variables.entrySet()) {
                text = text.replace("%{" + v.getKey() + "}%", v.getValue());
            }
            Path target = root.resolve(file.getFileName());
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (!Files.exists(target) || !java.util.Arrays.equals(Files.readAllBytes(target), bytes)) {
                Files.write(target, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
