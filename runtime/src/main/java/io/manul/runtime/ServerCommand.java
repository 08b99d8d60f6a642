package io.manul.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.BundleException;

/** {@code manul server} and {@code manul agent}: checks what the person in the field can get wrong, then hands over to the launcher. */
final class ServerCommand {

    private static final int NEEDS_JAVA = 25;

    private final Path home;
    private final long launchedMillis;

    private final FlagSet known;

    ServerCommand(FlagSet known, Path home, long launchedMillis) {
        this.known = known;
        this.home = home;
        this.launchedMillis = launchedMillis;
    }

    int run(List<String> arguments) throws UsageException, InterruptedException {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(ServerFlags.help(known));
            return 0;
        }
        Consumer<String> warn = m -> System.err.println("manul: warning: " + m);
        boolean agent = known == FlagSet.AGENT;
        ServerSettings settings = agent ? ServerSettings.agent(arguments, System.getenv()::get, warn)
                : ServerSettings.of(arguments, System.getenv()::get, warn);
        if (Runtime.version().feature() < NEEDS_JAVA) {
            throw new UsageException("this is Java " + Runtime.version().feature() + "; a JDK 25 is needed");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new UsageException("a node starts containers and writes network rules, which only root may: run `sudo " + known.command() + "`");
        }
        cgroups();
        new NodePackages(m -> System.out.println("manul: " + m), String.valueOf(System.getenv("PATH")))
                .ensure(settings.get("container-runtime-endpoint").isEmpty(),
                        List.of(settings.get("disable").split("\n")).stream().noneMatch(List.of("ingress", "traefik", "network-ingress")::contains));
        try (FileChannel lock = folders(settings)) {
            FileLock held = lock.tryLock();
            if (held == null) {
                throw new UsageException("another server or agent runs on " + settings.get("data-dir")
                        + "; stop it, or give this one its own --data-dir");
            }
            examples(settings);
            if (agent) {
                new AgentJoin(settings).run();
            }
            return new Launcher(home, settings, launchedMillis).run(agent ? "agent" : "server");
        } catch (AccessDeniedException e) {
            throw new UsageException("no permission for " + e.getFile() + "; is it on a read-only file system?");
        } catch (IOException | BundleException e) {
            System.err.println("manul: " + e.getMessage());
            return 1;
        }
    }

    private static void cgroups() throws UsageException {
        try {
            Cgroups.check(Path.of("/sys/fs/cgroup"));
        } catch (IOException e) {
            throw new UsageException("the kernel's control groups cannot be read: " + e.getMessage());
        }
    }

    /** Images that came with the distribution go where images are imported from, once. */
    private void examples(ServerSettings settings) throws IOException {
        Path images = home.resolve("images");
        Path folder = Path.of(settings.get("data-dir"), "agent/images");
        if (Files.isDirectory(images)) {
            Files.createDirectories(folder);
            try (java.util.stream.Stream<Path> all = Files.list(images)) {
                for (Path image : all.toList()) {
                    if (!Files.exists(folder.resolve(image.getFileName()))) {
                        Files.copy(image, folder.resolve(image.getFileName()));
                    }
                }
            }
        }
    }

    private static FileChannel folders(ServerSettings settings) throws IOException {
        Path data = Path.of(settings.get("data-dir"));
        Path run = Path.of(settings.get("run-dir"));
        Files.createDirectories(data);
        Files.createDirectories(run);
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
        return FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
