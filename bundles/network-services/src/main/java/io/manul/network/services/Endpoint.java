package io.manul.network.services;

/** Where one connection may go. */
record Endpoint(String ip, int port) implements Comparable<Endpoint> {
    @Override
    public int compareTo(Endpoint o) {
        int byIp = ip.compareTo(o.ip);
        return byIp != 0 ? byIp : Integer.compare(port, o.port);
    }
}
