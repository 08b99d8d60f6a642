package io.manul.api.http;

import java.security.cert.X509Certificate;
import java.util.List;

/** Who is at the other end of an exchange. */
public sealed interface Peer {

    /**
     * A connection from outside.
     *
     * @param address remote address as host:port
     * @param chain   the client certificates of the TLS session, leaf first, not yet verified against a CA; empty without
     */
    record Remote(String address, List<X509Certificate> chain) implements Peer {
        public Remote {
            chain = List.copyOf(chain);
        }
    }

    /**
     * A room of this JVM, or an exchange that another room has authenticated, authorized and forwarded.
     *
     * @param user   Kubernetes user name that the caller acts as
     * @param groups its groups
     * @param room   the calling room, for logs
     */
    record Internal(String user, List<String> groups, String room) implements Peer {
        public Internal {
            groups = List.copyOf(groups);
        }
    }

    /** The root-only Unix socket of this server: the machine's administrator. */
    record Console() implements Peer {
    }
}
