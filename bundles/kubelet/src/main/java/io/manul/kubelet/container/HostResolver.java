package io.manul.kubelet.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The node's resolv.conf as pods can use it: not the one that names only a server on the node's loopback, when there is another (as k3s). */
public final class HostResolver {

    private static final String USUAL = "etc/resolv.conf";
    /** systemd-resolved keeps the real servers here. */
    private static final String SYSTEMD = "run/systemd/resolve/resolv.conf";

    private final Path root;
    private final String given;

    /** @param given {@code --resolv-conf}; empty or the usual file: found */
    public HostResolver(Path root, String given) {
        this.root = root;
        this.given = given;
    }

    List<String> lines() {
        if (!given.isEmpty() && !given.equals("/" + USUAL)) {
            return read(Path.of(given));
        }
        List<String> usual = read(root.resolve(USUAL));
        List<String> systemd = usable(usual) ? List.of() : read(root.resolve(SYSTEMD));
        return usable(systemd) ? systemd : usual;
    }

    private static boolean usable(List<String> lines) {
        return lines.stream().map(l -> l.strip().split("\\s+")).anyMatch(w -> w.length > 1 && w[0].equals("nameserver")
                && !w[1].startsWith("127.") && !w[1].equals("::1"));
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of(); // a node without a resolver
        }
    }
}
