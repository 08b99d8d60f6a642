package io.manul.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Whose the files of a volume are (API reference, PodSecurityContext.fsGroup: owned by that group, readable by it, new files
 * of it too). @param group fsGroup @param user the one user that all containers run as, for files nobody else may read
 */
record Owner(OptionalLong user, OptionalLong group) {

    static final Owner ROOT = new Owner(OptionalLong.empty(), OptionalLong.empty());
    private static final int SET_GROUP_ID = 02000;

    void file(Path file, int mode) throws IOException {
        Files.setAttribute(file, "unix:mode", mode | (group.isPresent() ? 0440 : 0), LinkOption.NOFOLLOW_LINKS);
        give(file);
    }

    /** A folder of files that only we write. */
    void folder(Path folder) throws IOException {
        Files.setAttribute(folder, "unix:mode", 0755 | (group.isPresent() ? SET_GROUP_ID : 0));
        give(folder);
    }

    /** A folder that the pod writes into. */
    void shared(Path folder) throws IOException {
        Files.setAttribute(folder, "unix:mode", 0777 | (group.isPresent() ? SET_GROUP_ID : 0));
        give(folder);
    }

    private void give(Path path) throws IOException {
        if (group.isPresent()) {
            Files.setAttribute(path, "unix:gid", (int) group.getAsLong(), LinkOption.NOFOLLOW_LINKS);
        }
        if (user.isPresent()) {
            Files.setAttribute(path, "unix:uid", (int) user.getAsLong(), LinkOption.NOFOLLOW_LINKS);
        }
    }
}
