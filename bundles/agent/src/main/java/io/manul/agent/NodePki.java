package io.manul.agent;

import io.manul.api.pki.Pki;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The certificates that a node has from its servers. It signs nothing. Safe from any thread. */
final class NodePki implements Pki {

    private final NodeFiles files;
    private final Map<String, Identity> kept = new ConcurrentHashMap<>();

    NodePki(NodeFiles files) {
        this.files = files;
    }

    /** What is asked for next comes from the disk. */
    void renewed() {
        kept.clear();
    }

    Identity identity(String name) {
        return kept.computeIfAbsent(name, n -> {
            try {
                return new Identity(files.key(n), Pem.certificates(files.text(n)));
            } catch (IOException e) {
                throw new UncheckedIOException(files.crt(n) + " cannot be used: " + e.getMessage(), e);
            }
        });
    }

    private String ca(String name) {
        try {
            return files.text(name);
        } catch (IOException e) {
            throw new UncheckedIOException(files.crt(name) + " cannot be read: " + e.getMessage(), e);
        }
    }

    private X509Certificate first(String name) {
        try {
            return Pem.certificates(ca(name)).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(files.crt(name) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String serverCaPem() {
        return ca("server-ca");
    }

    @Override
    public X509Certificate serverCa() {
        return first("server-ca");
    }

    @Override
    public X509Certificate clientCa() {
        return first("client-ca");
    }

    @Override
    public Identity kubeletServing() {
        return identity(NodeFiles.SERVING);
    }

    @Override
    public Identity nodeClient() {
        return identity(NodeFiles.KUBELET);
    }

    private static UnsupportedOperationException none(String what) {
        return new UnsupportedOperationException(what + " is a server's; this node has none");
    }

    @Override
    public Identity apiserver() {
        throw none("the API's certificate");
    }

    @Override
    public Identity client(String name, String commonName, List<String> organizations) {
        throw none("the CA that would sign client-" + name);
    }

    @Override
    public Identity serving(String name, String commonName, List<String> dnsNames, List<InetAddress> addresses) {
        throw none("the CA that would sign serving-" + name);
    }

    @Override
    public KeyPair serviceAccountKey() {
        throw none("the key of service accounts");
    }

    @Override
    public String adminKubeconfig(String serverUrl) {
        throw none("the administrator's kubeconfig");
    }
}
