package io.manul.network.ingress;

import io.manul.api.pki.Pki;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The process HAProxy (master and worker): its own session, so that it outlives this room and this JVM and is found again by its pid
 * file. Used by one thread.
 */
final class Haproxy {

    private static final long START_LIMIT_MILLIS = 5000;

    private final Places places;
    private final Config config;
    private final List<Path> programs;
    private final Pki pki;
    private final Admin admin;

    Haproxy(Places places, Config config, List<Path> programs, Pki pki, Admin admin) {
        this.places = places;
        this.config = config;
        this.programs = programs;
        this.pki = pki;
        this.admin = admin;
    }

    boolean running() throws IOException {
        return find().isPresent();
    }

    private OptionalLong find() throws IOException {
        if (!Files.exists(places.pidFile())) {
            return OptionalLong.empty();
        }
        String text = Files.readString(places.pidFile()).strip();
        if (!text.matches("\\d{1,9}")) {
            return OptionalLong.empty();
        }
        try {
            String line = Files.readString(Path.of("/proc", text, "cmdline"), StandardCharsets.ISO_8859_1);
            return List.of(line.split("\0")).contains(places.config().toString()) ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty(); // gone
        }
    }

    /** How many slots the running one has; 0 when none runs. */
    int slots() throws IOException {
        if (!running()) {
            return 0;
        }
        return (int) admin.ask("show backend").lines().filter(l -> l.matches("b\\d+")).count();
    }

    /** Starts it with nothing in it and waits until it answers. @throws IOException with its own words when it does not come up */
    void start(int slots) throws IOException, InterruptedException {
        Path program = programs.stream().filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new IOException("haproxy is not installed; as root on Debian: apt-get install haproxy"));
        prepare();
        for (Path map : List.of(places.exact(), places.prefix(), places.slots())) {
            Files.writeString(map, "");
        }
        Files.writeString(places.certificateList(), places.defaultCertificate() + "\n");
        Files.writeString(places.config(), config.text(slots, Map.of()));
        run(List.of(program.toString(), "-W", "-S", places.root().resolve("master.sock") + ",mode,600", "-f", places.config().toString(),
                "-p", places.pidFile().toString()));
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("setsid"));
        all.addAll(command);
        Process process = new ProcessBuilder(all).directory(Path.of("/").toFile()).redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true).redirectOutput(places.log().toFile()).start();
        Files.writeString(places.pidFile(), process.pid() + "\n");
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_LIMIT_MILLIS);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                Files.deleteIfExists(places.pidFile());
                throw new IOException("HAProxy does not start: " + lastWords());
            }
            Thread.sleep(20);
        }
    }

    private boolean answers() {
        try {
            return admin.ask("show info").contains("Process_num");
        } catch (IOException e) {
            return false; // its socket is not there yet
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.exists(places.log()) ? Files.readAllLines(places.log(), StandardCharsets.ISO_8859_1) : List.of();
        List<String> alerts = lines.stream().filter(l -> l.startsWith("[ALERT]")).map(l -> l.replaceFirst("^\\[ALERT\\]\\s*\\(\\d+\\) : ", "")).toList();
        return alerts.isEmpty() ? lines.isEmpty() ? "it said nothing" : lines.getLast() : alerts.getFirst();
    }

    /** A new worker with more slots takes over; the old one ends its requests. What the old one holds goes along. */
    void grow(int slots, Live live, Map<String, String> certificates, Map<String, List<String>> hosts) throws IOException, InterruptedException {
        write(places.exact(), live.exact());
        write(places.prefix(), live.prefix());
        write(places.slots(), live.slots());
        StringBuilder list = new StringBuilder(places.defaultCertificate() + "\n");
        for (Map.Entry<String, String> c : certificates.entrySet()) {
            Path file = places.certificates().resolve(c.getKey());
            secret(file, c.getValue());
            List<String> names = hosts.getOrDefault(c.getKey(), List.of());
            list.append(file).append(names.isEmpty() ? "" : " [] " + String.join(" ", names)).append("\n");
        }
        Files.writeString(places.certificateList(), list);
        Map<Integer, List<String>> servers = new java.util.TreeMap<>();
        live.slots().forEach((key, slot) -> live.servers().forEach((server, maintenance) -> {
            if (!maintenance && server.startsWith(slot.value() + "/")) {
                String name = server.substring(server.indexOf('/') + 1);
                int port = name.lastIndexOf('_');
                servers.computeIfAbsent(Integer.parseInt(slot.value().substring(1)), k -> new ArrayList<>()).add(name + " "
                        + new Pod(name.substring(0, port), Integer.parseInt(name.substring(port + 1))).address() + BackendKey.parse(key).protocol().options);
            }
        }));
        Files.writeString(places.config(), config.text(slots, servers));
        Admin.at(places.root().resolve("master.sock")).ask("reload");
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_LIMIT_MILLIS);
        while (slots() != slots) {
            if (System.nanoTime() > end) {
                throw new IOException("HAProxy does not take its new configuration: " + lastWords());
            }
            Thread.sleep(20);
        }
    }

    private static void write(Path file, Map<String, Live.Entry> map) throws IOException {
        StringBuilder text = new StringBuilder();
        map.forEach((key, e) -> text.append(key).append(' ').append(e.value()).append('\n'));
        Files.writeString(file, text);
    }

    private void prepare() throws IOException {
        Files.createDirectories(places.certificates(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Pki.Identity own = pki.serving("ingress", "manul ingress default certificate", List.of("ingress.local"), List.of());
        StringBuilder pem = new StringBuilder();
        for (X509Certificate c : own.chain()) {
            try {
                block(pem, "CERTIFICATE", c.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IOException("the default certificate cannot be written: " + e.getMessage(), e);
            }
        }
        block(pem, "PRIVATE KEY", own.key().getEncoded());
        secret(places.defaultCertificate(), pem.toString());
    }

    private static void block(StringBuilder pem, String what, byte[] der) {
        pem.append("-----BEGIN ").append(what).append("-----\n")
                .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)).append("\n-----END ").append(what).append("-----\n");
    }

    private static void secret(Path file, String text) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, text);
    }

    /** Ends it with its requests, at once. */
    void stop() throws IOException {
        OptionalLong pid = find();
        if (pid.isPresent()) {
            ProcessHandle.of(pid.getAsLong()).ifPresent(ProcessHandle::destroy);
        }
        Files.deleteIfExists(places.pidFile());
    }
}
