package io.manul.network.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A node with a bridge, three pods on it and a machine outside, each a network namespace of its own; needs root. */
final class PacketBed implements AutoCloseable {

    static final Map<String, String> FOUR = Map.of("node", "10.9.0.1", "a", "10.9.0.2", "b", "10.9.0.3", "c", "10.9.0.4", "o", "192.0.2.2");
    static final Map<String, String> SIX = Map.of("node", "fd09::1", "a", "fd09::2", "b", "fd09::3", "c", "fd09::4");

    private final Map<String, Process> spaces = new TreeMap<>();

    PacketBed() throws Exception {
        for (String name : List.of("node", "a", "b", "c", "o")) {
            spaces.put(name, new ProcessBuilder("unshare", "-n", "sleep", "1000").start());
        }
        for (Process p : spaces.values()) {
            while (Files.readSymbolicLink(Path.of("/proc/" + p.pid() + "/ns/net")).equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")))) {
                Thread.sleep(5);
            }
        }
        run("node", "ip link set lo up; ip link add br0 type bridge; ip addr add 10.9.0.1/24 dev br0; ip -6 addr add fd09::1/64 dev br0 nodad; "
                + "ip link set br0 up; echo 1 > /proc/sys/net/ipv4/ip_forward");
        for (String pod : List.of("a", "b", "c")) {
            run("node", "ip link add v" + pod + " type veth peer name eth0 netns " + spaces.get(pod).pid() + "; ip link set v" + pod + " master br0 up");
            run(pod, "ip link set lo up; ip link set eth0 up; ip addr add " + FOUR.get(pod) + "/24 dev eth0; ip -6 addr add " + SIX.get(pod)
                    + "/64 dev eth0 nodad; ip route add default via 10.9.0.1");
        }
        run("node", "ip link add out type veth peer name eth0 netns " + spaces.get("o").pid() + "; ip addr add 192.0.2.1/24 dev out; ip link set out up");
        run("o", "ip link set lo up; ip link set eth0 up; ip addr add 192.0.2.2/24 dev eth0; ip route add default via 192.0.2.1");
    }

    static boolean possible() {
        return "root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables"))
                && List.of("/usr/sbin/nft", "/usr/bin/busybox", "/usr/bin/unshare").stream().allMatch(p -> Files.isExecutable(Path.of(p)));
    }

    Process start(String space, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("nsenter", "-t", Long.toString(spaces.get(space).pid()), "-n"));
        all.addAll(List.of(command));
        return new ProcessBuilder(all).redirectErrorStream(true).start();
    }

    private void run(String space, String script) throws Exception {
        nft(space, script, "bash", "-ec");
    }

    private void nft(String space, String script, String... shell) throws Exception {
        Process p = start(space, shell[0], shell[1], script);
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (p.waitFor() != 0) {
            throw new IOException(space + ": " + script + ": " + said);
        }
    }

    /** Runs the room's nft in the node's namespace. */
    Tool tool() {
        return (input, command) -> {
            Process p = start("node", command);
            try (var in = p.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (p.waitFor() != 0) {
                throw new IOException(said + "\n" + input);
            }
        };
    }

    /** Whether packets go there and back; nobody listens, so that "refused" is a yes. */
    boolean reaches(String protocol, String from, String to, int port, boolean expected) throws Exception {
        String limit = expected ? "5" : "0.7";
        String ip = protocol.endsWith("6") ? SIX.get(to) : FOUR.get(to);
        String script = switch (protocol) {
            case "tcp", "tcp6" -> "timeout " + limit + " bash -c 'exec 3<>/dev/tcp/" + ip + "/" + port + "' 2>&1 | grep -q refused";
            case "udp" -> "exec 3<>/dev/udp/" + ip + "/" + port + "; for i in 1 2 3 " + (expected ? "4 5 6 7 8 9" : "") + "; do echo x >&3 || exit 0; sleep 0.2; done; exit 1";
            default -> "busybox ping -c 1 -W " + (expected ? 5 : 1) + " " + ip;
        };
        Process p = start(from, "bash", "-c", script);
        p.getInputStream().readAllBytes();
        return p.waitFor() == 0;
    }

    @Override
    public void close() throws Exception {
        for (Process p : spaces.values()) {
            p.destroyForcibly();
            p.waitFor(5, TimeUnit.SECONDS);
        }
    }
}
