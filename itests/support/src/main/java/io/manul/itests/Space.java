package io.manul.itests;

import java.io.IOException;
import java.util.List;

/** A network namespace with a link to the host: a machine of its own as far as the network goes. */
public final class Space implements AutoCloseable {

    private final String name;
    private final int number;

    /** @param number 1 to 200: addresses 10.211.NUMBER.1 (host) and .2 (inside) */
    public Space(String name, int number) throws IOException, InterruptedException {
        this.name = name;
        this.number = number;
        close();
        String host = "mv" + number + "h";
        String inner = "mv" + number + "n";
        for (String line : List.of("ip netns add " + name, "ip link add " + host + " type veth peer name " + inner + " netns " + name,
                "ip addr add " + hostAddress() + "/24 dev " + host, "ip link set " + host + " up",
                "ip -n " + name + " addr add " + address() + "/24 dev " + inner, "ip -n " + name + " link set " + inner + " up",
                "ip -n " + name + " link set lo up", "ip -n " + name + " route add default via " + hostAddress())) {
            Command.run(line.split(" ")).orFail();
        }
    }

    public String name() {
        return name;
    }

    /** The cable is pulled, or put back. */
    public void link(boolean up) throws IOException, InterruptedException {
        Command.run("ip", "link", "set", "mv" + number + "h", up ? "up" : "down").orFail();
    }

    /** Address of the machine, as the host reaches it. */
    public String address() {
        return "10.211." + number + ".2";
    }

    public String hostAddress() {
        return "10.211." + number + ".1";
    }

    /** The command line that runs a command inside (and keeps cgroups visible, unlike ip netns exec). */
    public List<String> inside(String... command) {
        return Command.concat(List.of("nsenter", "--net=/run/netns/" + name), command);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Command.run("sh", "-c", "ip netns del " + name + " 2>/dev/null; ip link del mv" + number + "h 2>/dev/null; true");
    }
}
