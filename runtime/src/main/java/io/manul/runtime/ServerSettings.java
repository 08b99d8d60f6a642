package io.manul.runtime;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** All settings of a server, each with a value: from the command line, the environment, the file, or the default. */
final class ServerSettings {

    private static final List<String> SWITCHES = List.of("debug", "secrets-encryption", "disable-network-policy", "disable-helm-controller", "with-node-id",
            "flannel-external-ip", "flannel-ipv6-masq");

    private static final String V6 = "[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}";

    private final Map<String, String> values = new LinkedHashMap<>();

    private ServerSettings() {
    }

    static ServerSettings of(List<String> arguments, UnaryOperator<String> env, Consumer<String> warn) throws UsageException {
        ServerSettings s = read(FlagSet.SERVER, arguments, env, warn);
        if (s.get("cluster-dns").isEmpty()) {
            s.values.put("cluster-dns", nth(s.get("service-cidr").split(",")[0], 10));
        }
        s.check();
        return s;
    }

    /** Of a node that joins: the cluster's settings come from its server, by {@link #cluster}. */
    static ServerSettings agent(List<String> arguments, UnaryOperator<String> env, Consumer<String> warn) throws UsageException {
        ServerSettings s = read(FlagSet.AGENT, arguments, env, warn);
        s.values.put("role", "agent");
        s.check();
        return s;
    }

    /** What the server says goes before this node's own, but for what only the node can know. */
    void cluster(Map<String, String> config) {
        config.forEach((flag, value) -> {
            if (!flag.equals("version") && (flag.equals("disable") || get(flag).isEmpty() || FlagSet.AGENT.find(flag).isEmpty())) {
                values.put(flag, flag.equals("disable") && !get(flag).isEmpty() ? get(flag) + "\n" + value : value);
            }
        });
        values.put("heartbeat", config.getOrDefault("heartbeat", "mqtt"));
    }

    void put(String flag, String value) {
        values.put(flag, value);
    }

    private static ServerSettings read(FlagSet known, List<String> arguments, UnaryOperator<String> env, Consumer<String> warn) throws UsageException {
        ServerFlags flags = new ServerFlags(known, warn);
        Map<String, List<String>> line = flags.commandLine(arguments);
        Map<String, List<String>> environment = flags.environment(env);
        String named = first(line, environment, "config");
        Path config = Path.of(named.isEmpty() ? defaultConfig() : named);
        Map<String, List<String>> file = new ConfigFile(known, warn).read(config, !named.isEmpty());
        ServerSettings s = new ServerSettings();
        for (Flag flag : known.flags()) {
            List<String> value = line.getOrDefault(flag.name(),
                    environment.getOrDefault(flag.name(), file.getOrDefault(flag.name(), List.of(flag.initial()))));
            s.values.put(flag.name(), String.join("\n", value));
        }
        s.fill(config, Stream.of(line, environment, file).anyMatch(m -> m.containsKey("write-kubeconfig")));
        return s;
    }

    /** k3s's file is understood where ours is not there. */
    private static String defaultConfig() {
        Path k3s = Path.of("/etc/rancher/k3s/config.yaml");
        Path own = Path.of("/etc/manul/config.yaml");
        return (Files.exists(own) || !Files.exists(k3s) ? own : k3s).toString();
    }

    private static String first(Map<String, List<String>> a, Map<String, List<String>> b, String name) {
        return a.getOrDefault(name, b.getOrDefault(name, List.of(""))).getFirst();
    }

    /** @param kubeconfig whether its place was asked for: then it stays there, wherever the data is */
    private void fill(Path config, boolean kubeconfig) throws UsageException {
        values.put("config", config.toString());
        Path data = Path.of(get("data-dir")).toAbsolutePath().normalize();
        values.put("data-dir", data.toString());
        boolean moved = !data.equals(Path.of("/var/lib/manul"));
        values.put("run-dir", moved ? data.resolve("run").toString() : "/run/manul");
        if (moved && !kubeconfig && values.containsKey("write-kubeconfig")) {
            values.put("write-kubeconfig", data.resolve("manul.yaml").toString());
        }
        for (String flag : SWITCHES) {
            values.computeIfPresent(flag, (name, text) -> truth(text));
        }
        if (get("node-name").isEmpty()) {
            values.put("node-name", hostName());
        }
        if (get("node-ip").isEmpty()) {
            values.put("node-ip", address());
        }
    }

    /** The booleans of Go, which k3s takes. */
    private static String truth(String text) {
        return text.matches("1|t|T|TRUE|True") ? "true" : text.matches("0|f|F|FALSE|False") ? "false" : text;
    }

    private static String hostName() throws UsageException {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new UsageException("the host name cannot be read (" + e.getMessage() + "); give --node-name");
        }
    }

    /** The address of the interface with the default route, else the first that is not loopback. */
    static String address() throws UsageException {
        try {
            String device = "";
            for (String line : Files.readAllLines(Path.of("/proc/net/route"))) {
                String[] f = line.trim().split("\\s+");
                if (f.length > 2 && f[1].equals("00000000")) {
                    device = f[0];
                    break;
                }
            }
            for (NetworkInterface i : NetworkInterface.networkInterfaces().toList()) {
                boolean wanted = device.isEmpty() ? i.isUp() && !i.isLoopback() && !i.getName().startsWith("cni")
                        : i.getName().equals(device);
                if (wanted) {
                    for (InterfaceAddress a : i.getInterfaceAddresses()) {
                        if (a.getAddress() instanceof Inet4Address v4 && !v4.isLinkLocalAddress()) {
                            return v4.getHostAddress();
                        }
                    }
                }
            }
        } catch (SocketException e) {
            throw new UsageException("the network interfaces cannot be read (" + e.getMessage() + "); give --node-ip");
        } catch (IOException e) {
            throw new UsageException("the routes cannot be read (" + e.getMessage() + "); give --node-ip");
        }
        throw new UsageException("this machine has no IPv4 address besides loopback; give --node-ip");
    }

    static String nth(String cidr, int n) throws UsageException {
        try {
            byte[] b = InetAddress.getByName(cidr.split("/")[0]).getAddress();
            b[b.length - 1] += (byte) n;
            return InetAddress.getByAddress(b).getHostAddress();
        } catch (UnknownHostException e) {
            throw new UsageException("--service-cidr " + cidr + " is not a network such as 10.43.0.0/16");
        }
    }

    private List<String> given(String... names) {
        return Stream.of(names).filter(values::containsKey).toList();
    }

    /** The first of two, when the second is of IPv6; else all, which then is no first. */
    private static String fourThenSix(String text, boolean two, String six) {
        String[] parts = text.split(",", -1);
        return two && parts.length == 2 && parts[1].matches(six) ? parts[0] : text;
    }

    private void check() throws UsageException {
        for (String port : given("https-listen-port", "kubelet-port", "mqtt-listen-port")) {
            if (!get(port).matches("[0-9]{1,5}") || Integer.parseInt(get(port)) < 1 || Integer.parseInt(get(port)) > 65535) {
                throw new UsageException("--" + port + " " + get(port) + ": must be a port from 1 to 65535");
            }
        }
        for (String address : given("bind-address", "node-ip", "cluster-dns")) {
            if (!fourThenSix(get(address), !address.equals("bind-address"), V6).matches("(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}")) {
                throw new UsageException("--" + address + " " + get(address) + ": must be an IPv4 address such as 10.0.0.1"
                        + (address.equals("bind-address") ? "" : ", for dual stack with an IPv6 address after a comma"));
            }
        }
        for (String flag : given(SWITCHES.toArray(String[]::new))) {
            if (!get(flag).matches("true|false")) {
                throw new UsageException("--" + flag + " " + get(flag) + ": must be true or false");
            }
        }
        if (get("secrets-encryption").equals("true")) {
            throw new UsageException("--secrets-encryption: Secrets are not encrypted at rest yet; leave it out where that will do");
        }
        for (String cidr : given("cluster-cidr", "service-cidr")) {
            if (!fourThenSix(get(cidr), true, V6 + "/([1-9][0-9]|1[01][0-9]|12[0-6])").matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}/([89]|[12][0-9]|30)")) {
                throw new UsageException("--" + cidr + " " + get(cidr) + ": must be an IPv4 network such as 10.42.0.0/16, for dual stack with an IPv6 network after a comma");
            }
        }
        if (!get("node-name").matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*")) {
            throw new UsageException("--node-name " + get("node-name") + ": must be a lower-case DNS name (RFC 1123)");
        }
        if (values.containsKey("write-kubeconfig-mode") && !get("write-kubeconfig-mode").matches("0?[0-7]{3}")) {
            throw new UsageException("--write-kubeconfig-mode " + get("write-kubeconfig-mode") + ": must be a mode such as 600");
        }
        if (!get("heartbeat").matches("mqtt|lease")) {
            throw new UsageException("--heartbeat " + get("heartbeat") + ": must be mqtt or lease");
        }
        if (values.containsKey("service-node-port-range") && !get("service-node-port-range").matches("[0-9]{1,5}-[0-9]{1,5}")) {
            throw new UsageException("--service-node-port-range " + get("service-node-port-range") + ": must be FIRST-LAST");
        }
        backend();
        for (String taint : get("node-taint").isEmpty() ? List.<String>of() : List.of(get("node-taint").split("\n"))) {
            if (!taint.matches("[^=:]+(=[^=:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)")) {
                throw new UsageException("--node-taint " + taint
                        + ": must be KEY=VALUE:EFFECT with effect NoSchedule, PreferNoSchedule or NoExecute");
            }
        }
        for (String label : get("node-label").isEmpty() ? List.<String>of() : List.of(get("node-label").split("\n"))) {
            if (!label.contains("=")) {
                throw new UsageException("--node-label " + label + ": must be KEY=VALUE");
            }
        }
    }

    private void backend() throws UsageException {
        String backend = get("flannel-backend");
        if (backend.startsWith("wireguard") || backend.equals("ipsec")) {
            throw new UsageException("--flannel-backend " + backend + ": not there yet; vxlan and host-gw are");
        }
        if (values.containsKey("flannel-backend") && !backend.matches("none|vxlan|host-gw")) {
            throw new UsageException("--flannel-backend " + backend + ": must be vxlan, host-gw or none");
        }
    }

    String get(String name) {
        return values.getOrDefault(name, "");
    }

    Map<String, String> all() {
        return Map.copyOf(values);
    }
}
