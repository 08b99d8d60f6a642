package io.manul.scheduler.api;

/** A port of the node that a pod wants. @param ip empty or 0.0.0.0 for every address */
public record HostPort(String ip, String protocol, int port) {

    /** Two wishes exclude each other: same protocol and port, and the same address or one of them wants all. */
    public boolean clashes(HostPort o) {
        return port == o.port && protocol.equals(o.protocol) && (every() || o.every() || ip.equals(o.ip));
    }

    private boolean every() {
        return ip.isEmpty() || ip.equals("0.0.0.0");
    }
}
