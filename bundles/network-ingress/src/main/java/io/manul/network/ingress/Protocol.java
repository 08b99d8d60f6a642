package io.manul.network.ingress;

/** How a pod is spoken to (Kubernetes, Service {@code appProtocol}; KEP-3726). */
enum Protocol {
    HTTP(""),
    /** HTTP/2 without TLS, also gRPC. */
    H2C(" proto h2"),
    /** The pod's certificate is not verified: nothing says what it should be. */
    HTTPS(" ssl verify none alpn http/1.1"),
    /** HTTP/2 over TLS, also gRPC over TLS. */
    H2(" ssl verify none alpn h2 proto h2");

    /** What HAProxy's {@code add server} takes. */
    final String options;

    Protocol(String options) {
        this.options = options;
    }
}
