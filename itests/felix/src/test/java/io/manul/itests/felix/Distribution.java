package io.manul.itests.felix;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import io.manul.json.Obj;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/** The feature's bundles as the launcher installs them, on ports and in folders of their own; runs outside the framework. */
final class Distribution {

    private static final int LAST_LEVEL = 20;

    private final Path home = Path.of(System.getProperty("manul.home")).toAbsolutePath().normalize();
    private final Path data;

    Distribution() throws IOException {
        data = Files.createTempDirectory("manul-felix-");
        Files.createDirectories(data.resolve("run"));
        Runtime.getRuntime().addShutdownHook(new Thread(this::delete, "delete " + data));
    }

    Path data() {
        return data;
    }

    private List<Obj> bundles() throws IOException {
        return Obj.parse(Files.readAllBytes(home.resolve("features/server.json"))).objects("bundles");
    }

    /** Names of the feature's rooms. */
    List<String> rooms() throws IOException {
        return bundles().stream().filter(b -> b.flag("manul-component")).map(b -> b.text("id").split(":")[1]).toList();
    }

    /**
     * @param begun   names of the rooms that the updater begins, in order
     * @param without artifacts of the feature that are left out
     */
    List<Option> options(List<String> begun, String... without) throws IOException {
        return options(begun, Map.of(), without);
    }

    /** @param more settings by name, as the launcher hands them over */
    List<Option> options(List<String> begun, Map<String, String> more, String... without) throws IOException {
        List<Option> all = new ArrayList<>();
        all.add(junitBundles());
        all.add(frameworkStartLevel(LAST_LEVEL));
        all.add(frameworkProperty("org.osgi.framework.startlevel.beginning").value(Integer.toString(LAST_LEVEL)));
        all.add(frameworkProperty("felix.log.level").value("1"));
        all.add(frameworkProperty("ds.loglevel").value("error"));
        all.add(systemPackages(Stream.of("org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi")
                .map(p -> p + ";version=2.0.17").toArray(String[]::new)));
        all.add(systemPackages("sun.misc", "sun.security.ssl"));
        all.add(systemPackages("org.slf4j;version=1.7.36")); // Pax Exam's own bundles ask for one before 2
        Map<String, String> settings = new HashMap<>(settings(begun));
        settings.putAll(more);
        settings.forEach((k, v) -> all.add(frameworkProperty("manul." + k).value(v)));
        for (Obj b : bundles()) {
            String[] id = b.text("id").split(":");
            if (List.of(without).contains(id[1])) {
                continue;
            }
            all.add(bundle("reference:file:" + home.resolve("lib/" + id[1] + "-" + id[2] + ".jar"))
                    .startLevel((int) b.number("start-order").orElse(5)));
        }
        return all;
    }

    private Map<String, String> settings(List<String> begun) throws IOException {
        List<String> ports = freePorts(3);
        return Map.ofEntries(
                Map.entry("data-dir", data.toString()), Map.entry("run-dir", data.resolve("run").toString()),
                Map.entry("write-kubeconfig", data.resolve("manul.yaml").toString()), Map.entry("write-kubeconfig-mode", "600"),
                Map.entry("bind-address", "127.0.0.1"), Map.entry("https-listen-port", ports.get(0)),
                Map.entry("kubelet-port", ports.get(1)), Map.entry("mqtt-listen-port", ports.get(2)),
                Map.entry("node-ip", "192.0.2.1"), Map.entry("node-name", "felix"),
                Map.entry("cluster-cidr", "10.42.0.0/16"), Map.entry("service-cidr", "10.43.0.0/16"),
                Map.entry("cluster-dns", "10.43.0.10"), Map.entry("cluster-domain", "cluster.local"),
                Map.entry("service-node-port-range", "30000-32767"), Map.entry("cni-bridge", "cni-felix"), Map.entry("debug", "false"),
                Map.entry("version", "0.1.0"), Map.entry("home", home.toString()),
                Map.entry("components", String.join(",", begun)), Map.entry("felix-rooms", String.join(",", rooms())));
    }

    /** Ports that nobody listened on a moment ago: all held at once, so that they differ. */
    private static List<String> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0));
            }
            return held.stream().map(s -> Integer.toString(s.getLocalPort())).collect(Collectors.toList());
        } finally {
            for (ServerSocket s : held) {
                s.close();
            }
        }
    }

    private void delete() {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(p);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind: " + e.getMessage());
        }
    }
}
