package io.manul.network.ingress;

import java.util.SortedSet;
import java.util.TreeSet;

/** A TLS Secret and the names it serves. @param pem chain and key */
record Certificate(String namespace, String secret, String pem, SortedSet<String> hosts) {

    Certificate {
        hosts = new TreeSet<>(hosts);
    }

    /** The file's name: another one for other hosts, so that the old entry stays until the new one is there. */
    String file() {
        return namespace + "_" + secret + "_" + Integer.toHexString(hosts.hashCode()) + ".pem";
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "Certificate[" + namespace + "/" + secret + " for " + hosts + "]";
    }
}
