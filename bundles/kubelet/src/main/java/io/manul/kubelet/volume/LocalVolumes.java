package io.manul.kubelet.volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Folders of local-path volumes on this node, made and removed for the provisioner. Each is written down below the kubelet's root,
 * so that nothing is ever removed but what was made here, or what has a local-path volume's name. Safe from any thread.
 */
public final class LocalVolumes {

    private static final Pattern VOLUME = Pattern.compile("pvc-[0-9a-f-]{1,60}");
    private static final Set<Path> NEVER = Set.of(Path.of("/"), Path.of("/bin"), Path.of("/boot"), Path.of("/dev"), Path.of("/etc"), Path.of("/home"),
            Path.of("/lib"), Path.of("/proc"), Path.of("/root"), Path.of("/run"), Path.of("/sbin"), Path.of("/sys"), Path.of("/usr"),
            Path.of("/var"));

    private final Path records;

    /** @param root of the kubelet */
    public LocalVolumes(Path root) {
        this.records = root.resolve("local-volumes");
    }

    /** The request names what must not be touched. */
    public static final class NotAllowed extends Exception {
        private static final long serialVersionUID = 1;

        NotAllowed(String message) {
            super(message);
        }
    }

    /** Mode 0777, its parent 0700 (K3S.md 1.12). There already is well: its content is the user's. */
    public synchronized void make(String volume, String path) throws IOException, NotAllowed {
        Path folder = check(volume, path);
        Files.createDirectories(records);
        Files.writeString(records.resolve(volume), folder.toString(), StandardCharsets.UTF_8);
        Files.createDirectories(folder);
        Files.setAttribute(folder.getParent(), "unix:mode", 0700);
        Files.setAttribute(folder, "unix:mode", 0777);
    }

    /** Gone already is well. */
    public synchronized void remove(String volume, String path) throws IOException, NotAllowed {
        Path folder = check(volume, path);
        Path record = records.resolve(volume);
        boolean ours = Files.exists(record) ? Files.readString(record, StandardCharsets.UTF_8).equals(folder.toString())
                : folder.getFileName().toString().startsWith(volume + "_");
        if (!ours) {
            throw new NotAllowed("folder " + folder + " was not made for volume " + volume + " on this node: it is left as it is");
        }
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            delete(folder);
        }
        Files.deleteIfExists(record);
    }

    /** Links are removed, not followed. */
    private static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path at, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(at);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static Path check(String volume, String path) throws NotAllowed {
        if (!VOLUME.matcher(volume).matches()) {
            throw new NotAllowed("\"" + volume + "\" is no name of a local-path volume");
        }
        if (path.indexOf('\0') >= 0 || path.length() > 4096) {
            throw new NotAllowed("the path of volume " + volume + " is not usable");
        }
        Path folder = Path.of(path);
        if (!folder.isAbsolute() || !folder.normalize().equals(folder) || folder.getNameCount() < 2 || NEVER.contains(folder)
                || NEVER.contains(folder.getParent()) && !folder.getFileName().toString().startsWith(volume)) {
            throw new NotAllowed("path \"" + path + "\" of volume " + volume + " must be absolute, without \"..\", and no folder of the system");
        }
        return folder;
    }
}
