package io.manul.cri.containerd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The process containerd: its own session, so that neither our end nor a key at our terminal reaches it; found again by its pid
 * file, or by its command line, which names our configuration. Used by one thread.
 */
final class ContainerdProcess {

    private static final long LOG_LIMIT_BYTES = 10 << 20;

    private final Places places;
    private final Machine machine;

    ContainerdProcess(Places places, Machine machine) {
        this.places = places;
        this.machine = machine;
    }

    /** Its pid, if it lives; also one that we did not start ourselves. */
    OptionalLong find() throws IOException {
        if (Files.exists(places.pidFile())) {
            String text = Files.readString(places.pidFile()).strip();
            if (text.matches("\\d{1,9}") && isOurs(Long.parseLong(text))) {
                return OptionalLong.of(Long.parseLong(text));
            }
        }
        OptionalLong found = ProcessHandle.allProcesses().mapToLong(ProcessHandle::pid).filter(this::isOurs).findFirst();
        if (found.isPresent()) {
            writePid(found.getAsLong());
        }
        return found;
    }

    private boolean isOurs(long pid) {
        try {
            String[] words = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1)
                    .split("\0");
            return List.of(words).contains(places.socket().toString()) && Path.of(words[0]).getFileName().toString().equals("containerd");
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    /** Starts it. The log of the one before is kept, as {@code containerd.log.1} once it is large. */
    long start(Path binary, Path config) throws IOException {
        rotateLog();
        Files.copy(config, places.runningConfig(), StandardCopyOption.REPLACE_EXISTING);
        List<String> command = new ArrayList<>();
        machine.program("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(List.of(binary.toString(), "--config", config.toString(), "--address", places.socket().toString(),
                "--root", places.root().toString(), "--state", places.state().toString()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().keySet().removeAll(List.of("NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "WATCHDOG_USEC"));
        builder.environment().put("PATH", binary.getParent() + ":" + machine.path()); // the shim lies beside it
        builder.redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(places.log().toFile()));
        long pid = builder.start().pid();
        writePid(pid);
        return pid;
    }

    boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private void writePid(long pid) throws IOException {
        Files.writeString(places.pidFile(), pid + "\n");
    }

    private void rotateLog() throws IOException {
        if (Files.exists(places.log()) && Files.size(places.log()) > LOG_LIMIT_BYTES) {
            Files.move(places.log(), places.log().resolveSibling("containerd.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Why it went: the last lines of its log that are errors, else the last line. */
    String lastWords() throws IOException {
        if (!Files.exists(places.log())) {
            return "it wrote no log";
        }
        List<String> lines = Tail.of(places.log(), 8192).lines().toList();
        List<String> errors = lines.stream().filter(l -> l.contains("level=fatal") || l.contains("level=error")
                || l.startsWith("containerd: ") || l.startsWith("panic:")).toList();
        return errors.isEmpty() ? lines.isEmpty() ? "its log is empty" : lines.getLast() : errors.getLast();
    }
}
