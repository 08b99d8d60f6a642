package io.manul.kubelet.volume;

import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** hostPath volumes and their types (Kubernetes, "Volumes", "hostPath"). */
final class HostPaths {

    private static final int TYPE = 0170000;

    private HostPaths() {
    }

    static Path check(String volume, Obj source) throws VolumeException {
        Path path = Path.of(source.text("path"));
        if (!path.isAbsolute()) {
            throw new VolumeException(volume, "hostPath " + path + " is not absolute");
        }
        String type = source.text("type");
        try {
            boolean well = switch (type) {
                case "" -> true;
                case "DirectoryOrCreate" -> {
                    if (!Files.exists(path)) {
                        Files.createDirectories(path);
                    }
                    yield Files.isDirectory(path);
                }
                case "Directory" -> Files.isDirectory(path);
                case "FileOrCreate" -> {
                    if (!Files.exists(path)) {
                        Files.createFile(path);
                    }
                    yield Files.isRegularFile(path);
                }
                case "File" -> Files.isRegularFile(path);
                case "Socket" -> is(path, 0140000);
                case "CharDevice" -> is(path, 0020000);
                case "BlockDevice" -> is(path, 0060000);
                default -> throw new VolumeException(volume, type + " is an invalid hostPath type");
            };
            if (!well) {
                throw new VolumeException(volume, "hostPath type check failed: " + path + " is not a " + words(type));
            }
            return path;
        } catch (FileSystemException e) {
            throw new VolumeException(volume, "hostPath " + path + ": " + e.getMessage());
        } catch (IOException e) {
            throw new VolumeException(volume, "hostPath " + path + ": " + e);
        }
    }

    private static boolean is(Path path, int type) throws IOException {
        return Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & TYPE) == type;
    }

    private static String words(String type) {
        return switch (type) {
            case "Directory", "DirectoryOrCreate" -> "directory";
            case "File", "FileOrCreate" -> "file";
            case "Socket" -> "socket file";
            case "CharDevice" -> "character device";
            default -> "block device";
        };
    }
}
