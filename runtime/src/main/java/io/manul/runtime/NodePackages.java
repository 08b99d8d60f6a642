package io.manul.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a node needs of the system: installed on Debian when it is missing and we are root, else named. */
final class NodePackages {

    private final Consumer<String> say;
    private final List<Path> path;

    NodePackages(Consumer<String> say, String pathVariable) {
        this.say = say;
        this.path = Arrays.stream((pathVariable + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").split(":"))
                .filter(p -> !p.isEmpty()).map(Path::of).distinct().toList();
    }

    /** Debian package by the program that shows it is there; an external runtime needs no containerd, and who serves no Ingress no HAProxy. */
    private static Map<String, List<String>> needs(boolean ownRuntime, boolean ingress) {
        Map<String, List<String>> needs = new LinkedHashMap<>();
        if (ownRuntime) {
            needs.put("containerd", List.of("containerd"));
            needs.put("runc", List.of("runc", "crun"));
        }
        needs.put("containernetworking-plugins", List.of("/usr/lib/cni/bridge", "/opt/cni/bin/bridge"));
        needs.put("nftables", List.of("nft"));
        needs.put("iptables", List.of("iptables"));
        needs.put("iproute2", List.of("ip"));
        needs.put("conntrack", List.of("conntrack"));
        if (ingress) {
            needs.put("haproxy", List.of("haproxy"));
        }
        needs.put("kubernetes-client", List.of("kubectl"));
        return needs;
    }

    void ensure(boolean ownRuntime, boolean ingress) throws UsageException, InterruptedException {
        List<String> missing = new ArrayList<>();
        needs(ownRuntime, ingress).forEach((pkg, programs) -> {
            if (programs.stream().noneMatch(this::there)) {
                missing.add(pkg);
            }
        });
        if (missing.isEmpty()) {
            return;
        }
        String command = "apt-get install -y --no-install-recommends " + String.join(" ", missing);
        if (!there("apt-get") || !"root".equals(System.getProperty("user.name"))) {
            throw new UsageException("this node lacks " + String.join(", ", missing) + "; as root on Debian run: apt-get update && "
                    + command);
        }
        say.accept("installing " + String.join(", ", missing) + " (" + command + ")");
        run("apt-get", "update", "-q");
        List<String> install = new ArrayList<>(List.of(command.split(" ")));
        run(install.toArray(String[]::new));
    }

    private boolean there(String program) {
        return program.startsWith("/") ? Files.isExecutable(Path.of(program))
                : path.stream().anyMatch(p -> Files.isExecutable(p.resolve(program)));
    }

    private void run(String... command) throws UsageException, InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Path log = Files.createTempFile("manul-apt", ".log");
            int rc = builder.redirectOutput(log.toFile()).start().waitFor();
            if (rc != 0) {
                List<String> lines = Files.readAllLines(log);
                throw new UsageException("`" + String.join(" ", command) + "` failed with code " + rc + ": "
                        + String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size())) + " (all of it in " + log + ")");
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new UsageException("`" + String.join(" ", command) + "` cannot be run: " + e.getMessage());
        }
    }
}
