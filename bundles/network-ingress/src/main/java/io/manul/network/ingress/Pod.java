package io.manul.network.ingress;

/** An address that answers for a Service. */
record Pod(String ip, int port) implements Comparable<Pod> {

    /** HAProxy's name of the server. */
    String server() {
        return ip + "_" + port;
    }

    String address() {
        return ip.indexOf(':') < 0 ? ip + ":" + port : "[" + ip + "]:" + port;
    }

    @Override
    public int compareTo(Pod other) {
        return server().compareTo(other.server());
    }
}
