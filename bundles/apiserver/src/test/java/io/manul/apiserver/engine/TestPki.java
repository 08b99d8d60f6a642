package io.manul.apiserver.engine;

import io.manul.api.pki.Pki;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.List;

/** A service-account key and nothing else: the tests come in as rooms of this JVM, without certificates. */
final class TestPki implements Pki {

    private final KeyPair key;

    TestPki() throws NoSuchAlgorithmException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        key = rsa.generateKeyPair();
    }

    @Override
    public KeyPair serviceAccountKey() {
        return key;
    }

    @Override
    public String serverCaPem() {
        return "-----BEGIN CERTIFICATE-----\n";
    }

    @Override
    public X509Certificate serverCa() {
        throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate clientCa() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Identity apiserver() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Identity kubeletServing() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Identity nodeClient() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Identity client(String name, String commonName, List<String> organizations) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Identity serving(String name, String commonName, List<String> dnsNames, List<InetAddress> addresses) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String adminKubeconfig(String serverUrl) {
        throw new UnsupportedOperationException();
    }
}
