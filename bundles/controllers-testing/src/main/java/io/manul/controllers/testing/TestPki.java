package io.manul.controllers.testing;

import io.manul.api.pki.Pki;
import java.lang.reflect.Proxy;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/** A service-account key and a CA text, and nothing else: tests come in as rooms of this JVM, without certificates. */
public final class TestPki {

    public static final String CA = "-----BEGIN CERTIFICATE-----\ntest\n-----END CERTIFICATE-----\n";

    private TestPki() {
    }

    public static Pki make() throws NoSuchAlgorithmException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair key = rsa.generateKeyPair();
        return (Pki) Proxy.newProxyInstance(Pki.class.getClassLoader(), new Class<?>[] {Pki.class}, (proxy, method, args) -> switch (method.getName()) {
            case "serviceAccountKey" -> key;
            case "serverCaPem" -> CA;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }
}
