package io.manul.listener;

import io.manul.api.pki.Pki;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Keys for tests, made by the JDK's keytool. */
final class Keys {

    private static final char[] PASSWORD = "not-secret".toCharArray();

    private static final Map<String, KeyStore> MADE = new HashMap<>();

    private Keys() {
    }

    /** Made once a JVM: keytool takes a second. */
    static synchronized KeyStore store(String name) throws IOException, InterruptedException, GeneralSecurityException {
        KeyStore known = MADE.get(name);
        if (known == null) {
            known = make(Files.createTempDirectory("keys"), name);
            MADE.put(name, known);
        }
        return known;
    }

    private static KeyStore make(Path dir, String name) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = dir.resolve(name + ".p12");
        Process made = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name,
                "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-keystore",
                file.toString(), "-storepass", new String(PASSWORD)).redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes());
        if (made.waitFor() != 0) {
            throw new IOException(said);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        Files.delete(file);
        Files.delete(dir);
        return store;
    }

    static Pki.Identity identity(KeyStore store, String name) throws GeneralSecurityException {
        return new Pki.Identity((PrivateKey) store.getKey(name, PASSWORD),
                Stream.of(store.getCertificateChain(name)).map(X509Certificate.class::cast).toList());
    }

    /** A Pki whose serving identities are the suppliers' at that moment; nothing else of it is asked. */
    static Pki pki(java.util.function.Supplier<Pki.Identity> serving) {
        return (Pki) Proxy.newProxyInstance(Keys.class.getClassLoader(), new Class<?>[] {Pki.class}, (p, m, a) ->
                switch (m.getName()) {
                    case "apiserver", "kubeletServing" -> serving.get();
                    default -> throw new UnsupportedOperationException(m.getName());
                });
    }

    /** Trusts any server; shows the client's certificate when there is one. */
    static SSLContext client(List<KeyStore> own) throws GeneralSecurityException {
        KeyManager[] keys = null;
        if (!own.isEmpty()) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(own.getFirst(), PASSWORD);
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new AnyServer()}, null);
        return context;
    }

    private static final class AnyServer extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] c, String a, java.net.Socket s) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] c, String a, java.net.Socket s) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] c, String a, SSLEngine e) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] c, String a, SSLEngine e) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] c, String a) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] c, String a) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
