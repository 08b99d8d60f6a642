package io.manul.helm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Packages a chart of a few files, with tar. */
final class TestChart {

    private TestChart() {
    }

    /** @param files by name below the chart's folder @return the archive in base64 */
    static String content(String version, Map<String, String> files) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("manul-chart-");
        try {
            Path chart = Files.createDirectories(folder.resolve("web"));
            Files.writeString(chart.resolve("Chart.yaml"), "apiVersion: v2\nname: web\nversion: " + version + "\n");
            for (Map.Entry<String, String> f : files.entrySet()) {
                Path file = chart.resolve(f.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, f.getValue());
            }
            Path archive = folder.resolve("web.tgz");
            Process tar = new ProcessBuilder("tar", "-C", folder.toString(), "-czf", archive.toString(), "web").inheritIO().start();
            if (tar.waitFor() != 0) {
                throw new IOException("tar failed with code " + tar.exitValue());
            }
            return Base64.getEncoder().encodeToString(Files.readAllBytes(archive));
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(p);
                }
            }
        }
    }
}
