package io.manul.network.dns;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;

/** The cluster DNS address on this node's loopback interface; it stays there while nobody acts. */
final class LocalAddress {

    private final InetAddress address;
    private final Tool tool;

    LocalAddress(InetAddress address, Tool tool) {
        this.address = address;
        this.tool = tool;
    }

    private String prefix() {
        return address.getHostAddress() + (address instanceof Inet6Address ? "/128" : "/32");
    }

    boolean there() throws IOException, InterruptedException {
        return tool.run("ip", "-o", "address", "show", "dev", "lo", "to", prefix()).contains(address.getHostAddress());
    }

    /** Adds it where it is not there yet. */
    void add() throws IOException, InterruptedException {
        if (!address.isLoopbackAddress() && !there()) {
            tool.run("ip", "address", "add", prefix(), "dev", "lo");
        }
    }

    /** Takes it away where it is. */
    void remove() throws IOException, InterruptedException {
        if (!address.isLoopbackAddress() && there()) {
            tool.run("ip", "address", "del", prefix(), "dev", "lo");
        }
    }
}
