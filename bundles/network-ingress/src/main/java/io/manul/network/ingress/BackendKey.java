package io.manul.network.ingress;

/**
 * A port of a Service as an Ingress names it.
 *
 * @param port     number or name
 * @param protocol how its pods are spoken to
 */
record BackendKey(String namespace, String service, String port, Protocol protocol) {

    /** As HAProxy's map of slots holds it. */
    @Override
    public String toString() {
        return namespace + "/" + service + "/" + port + "/" + protocol;
    }

    static BackendKey parse(String text) {
        String[] p = text.split("/");
        return new BackendKey(p[0], p[1], p[2], Protocol.valueOf(p[3]));
    }
}
