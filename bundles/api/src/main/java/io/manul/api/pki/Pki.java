package io.manul.api.pki;

import java.net.InetAddress;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The cluster's keys: made at the first start under {@code DATA/server/tls}, kept, renewed (leaves live 365 days and are
 * renewed within 120 days of their end; CAs live 10 years; as k3s, K3S.md 1.8). File names as k3s'. Safe from any thread.
 */
@ProviderType
public interface Pki {

    /** A private key with its certificate chain, leaf first. */
    record Identity(PrivateKey key, List<X509Certificate> chain) {
        public Identity {
            chain = List.copyOf(chain);
        }
    }

    /** The CA that serving certificates chain to, PEM: what clients trust, content of kube-root-ca.crt. */
    String serverCaPem();

    X509Certificate serverCa();

    /** The CA that client certificates chain to. */
    X509Certificate clientCa();

    /**
     * Serving certificate of the API server: SANs kubernetes[.default[.svc[.DOMAIN]]], localhost, 127.0.0.1, ::1, the node
     * name and addresses, the first address of the service CIDR, and {@code --tls-san}. A renewed one appears here; the
     * listener asks at every handshake.
     */
    Identity apiserver();

    /** Serving certificate of this node's kubelet. */
    Identity kubeletServing();

    /** Client certificate {@code system:node:NAME}, O={@code system:nodes}: MQTT and HTTPS of this node. */
    Identity nodeClient();

    /** A client certificate signed by the client CA, kept under {@code name} and renewed. */
    Identity client(String name, String commonName, List<String> organizations);

    /** A serving certificate signed by the server CA, kept under {@code name} and renewed. */
    Identity serving(String name, String commonName, List<String> dnsNames, List<InetAddress> addresses);

    /** What a certificate that is asked for shall say. @param server for a server (of the server CA), else for a client */
    record Leaf(String commonName, List<String> organizations, List<String> dnsNames, List<InetAddress> addresses, boolean server) {
        public Leaf {
            organizations = List.copyOf(organizations);
            dnsNames = List.copyOf(dnsNames);
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * Signs the key of a certificate request (PKCS#10, PEM), which proves that the asker has the key; what the request says of
     * itself counts for nothing. Not kept here.
     *
     * @return chain, leaf first
     * @throws IllegalArgumentException when the request cannot be read or is not signed by its own key
     */
    default List<X509Certificate> sign(String request, Leaf leaf) {
        throw new UnsupportedOperationException("this node signs nothing: it is no server");
    }

    /** Signs and verifies service-account tokens (RS256 or ES256); its public key is the first that verifies. */
    KeyPair serviceAccountKey();

    /** The admin kubeconfig (user system:admin, O=system:masters), YAML, for the given server URL. */
    String adminKubeconfig(String serverUrl);
}
