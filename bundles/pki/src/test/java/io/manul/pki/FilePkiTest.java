package io.manul.pki;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.pki.Pki.Identity;
import io.manul.api.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of a whole server, tried with the JDK's TLS and with OpenSSL. */
class FilePkiTest {

    @TempDir
    Path data;
    private Instant now = Instant.now();
    private final Map<String, Object> set = new HashMap<>(Map.of("nodeName", "n1", "nodeIp", "192.0.2.1", "clusterDomain", "cluster.local",
            "serviceCidr", "10.43.0.0/16", "other", java.util.Optional.empty(), "bindAddress", "0.0.0.0", "tlsSans", List.of(), "httpsPort", 6443, "kubeconfigMode", 0640));

    private FilePki pki() {
        set.put("dataDir", data);
        set.put("kubeconfig", data.resolve("etc/manul.yaml"));
        Settings settings = (Settings) Proxy.newProxyInstance(Settings.class.getClassLoader(), new Class<?>[] {Settings.class}, (p, m, a) -> {
            if (!set.containsKey(m.getName())) {
                throw new UnsupportedOperationException(m.getName());
            }
            return set.get(m.getName());
        });
        return new FilePki(settings, new Store(() -> now, new Issuer(new SecureRandom())));
    }

    private Path tls(String file) {
        return data.resolve("server/tls").resolve(file);
    }

    private static String run(String... command) throws Exception {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, p.waitFor(), String.join(" ", command) + "\n" + out);
        return out;
    }

    private static SSLContext context(Identity own, String trusted) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        if (own != null) {
            keys.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(Certificate[]::new));
        }
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        int i = 0;
        for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(
                new ByteArrayInputStream(trusted.getBytes(StandardCharsets.US_ASCII)))) {
            trust.setCertificateEntry("ca" + i++, c);
        }
        KeyManagerFactory k = KeyManagerFactory.getInstance("PKIX");
        k.init(keys, new char[0]);
        TrustManagerFactory t = TrustManagerFactory.getInstance("PKIX");
        t.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(k.getKeyManagers(), t.getTrustManagers(), null);
        return context;
    }

    /** Both sides check each other; the client also the name. @return who the server saw */
    private static String handshake(Identity server, String clientCas, Identity client, String serverCas, String host) throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket) context(server, clientCas).getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setNeedClientAuth(true);
            listening.setSoTimeout(10_000);
            Callable<String> accept = () -> {
                try (SSLSocket s = (SSLSocket) listening.accept()) {
                    s.setSoTimeout(10_000);
                    s.startHandshake();
                    s.getOutputStream().write(1);
                    return s.getSession().getPeerPrincipal().getName();
                }
            };
            FutureTask<String> seen = new FutureTask<>(accept);
            Thread.ofVirtual().start(seen);
            try (java.net.Socket plain = new java.net.Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
                    SSLSocket s = (SSLSocket) context(client, serverCas).getSocketFactory().createSocket(plain, host, listening.getLocalPort(), true)) {
                SSLParameters p = s.getSSLParameters();
                p.setEndpointIdentificationAlgorithm("HTTPS");
                s.setSSLParameters(p);
                s.setSoTimeout(10_000);
                s.startHandshake();
                assertEquals(1, s.getInputStream().read());
            }
            return seen.get();
        }
    }

    private String clientCas(FilePki pki) {
        return PemFiles.pem(List.of(pki.clientCa()));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "::1, true", "localhost, true", "kubernetes.default.svc.cluster.local, true", "192.0.2.1, true", "fd00::7, true",
        "10.43.0.1, true", "fd43::1, true", "san.example, true", "198.51.100.9, true", "other.example, false", "198.51.100.1, false"})
    void aClientReachesTheApiServerByItsNames(String host, boolean reached) throws Exception {
        set.put("nodeIp", "192.0.2.1,fd00::7");
        set.put("serviceCidr", "10.43.0.0/16,fd43::/112");
        set.put("tlsSans", List.of("san.example", "198.51.100.9"));
        FilePki pki = pki();
        Identity admin = pki.client("admin", "system:admin", List.of("system:masters"));
        if (reached) {
            assertEquals("CN=system:admin,O=system:masters", handshake(pki.apiserver(), clientCas(pki), admin, pki.serverCaPem(), host));
        } else {
            assertThrows(SSLException.class, () -> handshake(pki.apiserver(), clientCas(pki), admin, pki.serverCaPem(), host));
        }
    }

    @Test
    void openSslVerifiesThem() throws Exception {
        set.put("bindAddress", "fd00::1");
        FilePki pki = pki().prepare();
        pki.apiserver();
        pki.kubeletServing();
        pki.nodeClient();
        String server = tls("server-ca.crt").toString();
        run("openssl", "verify", "-x509_strict", "-CAfile", server, "-purpose", "sslserver", "-verify_ip", "fd00::1", tls("serving-kube-apiserver.crt").toString());
        run("openssl", "verify", "-x509_strict", "-CAfile", server, "-purpose", "sslserver", "-verify_hostname", "n1",
                data.resolve("agent/serving-kubelet.crt").toString());
        run("openssl", "verify", "-x509_strict", "-CAfile", tls("client-ca.crt").toString(), "-purpose", "sslclient",
                data.resolve("agent/client-kubelet.crt").toString());
        run("openssl", "verify", "-CAfile", tls("request-header-ca.crt").toString(), tls("request-header-ca.crt").toString());
        assertTrue(run("openssl", "x509", "-noout", "-subject", "-in", data.resolve("agent/client-kubelet.crt").toString())
                .contains("O = system:nodes, CN = system:node:n1"));
        for (String key : List.of("server-ca.key", "client-ca.key", "request-header-ca.key", "service.key")) {
            run("openssl", "pkey", "-noout", "-in", tls(key).toString());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(tls(key))));
        }
    }

    /** A root, a CA below it, both made by OpenSSL. */
    private void ownCa(String name, String constraints) throws Exception {
        Files.createDirectories(tls("."));
        String root = data.resolve("root").toString();
        String ca = tls(name).toString();
        String extensions = data.resolve("extensions").toString();
        Files.writeString(Path.of(extensions), "basicConstraints=critical," + constraints + "\nsubjectKeyIdentifier=hash\n");
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", root + ".key", "-out", root + ".crt", "-subj", "/CN=root", "-days", "30");
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", ca + ".key"); // with EC PARAMETERS before the key
        run("openssl", "req", "-new", "-key", ca + ".key", "-out", ca + ".csr", "-subj", "/O=us/CN=between");
        run("openssl", "x509", "-req", "-in", ca + ".csr", "-CA", root + ".crt", "-CAkey", root + ".key", "-CAcreateserial", "-out", ca + ".only",
                "-days", "30", "-extfile", extensions);
        Files.writeString(tls(name + ".crt"), Files.readString(Path.of(ca + ".only")) + Files.readString(Path.of(root + ".crt")));
    }

    @Test
    void aCaOfOnesOwnKeepsItsWholeChain() throws Exception {
        ownCa("server-ca", "CA:TRUE");
        byte[] before = Files.readAllBytes(tls("server-ca.crt"));
        FilePki pki = pki().prepare();
        assertEquals(3, pki.apiserver().chain().size());
        assertEquals(pki.apiserver().chain(), pki().apiserver().chain());
        assertEquals(2, pki.serverCaPem().split("BEGIN CERTIFICATE").length - 1);
        Identity admin = pki.client("admin", "system:admin", List.of());
        String rootOnly = Files.readString(data.resolve("root.crt"));
        assertEquals("CN=system:admin", handshake(pki.apiserver(), clientCas(pki), admin, rootOnly, "127.0.0.1"));
        run("openssl", "verify", "-CAfile", data.resolve("root.crt").toString(), "-untrusted", tls("server-ca.crt").toString(),
                tls("serving-kube-apiserver.crt").toString());
        assertTrue(kubeconfig().contains(Base64.getEncoder().encodeToString(pki.serverCaPem().getBytes(StandardCharsets.US_ASCII))));
        assertEquals(List.of(before.length), List.of(Files.readAllBytes(tls("server-ca.crt")).length));
    }

    @Test
    void whatIsNoCaIsRefused() throws Exception {
        ownCa("server-ca", "CA:FALSE");
        PkiException e = assertThrows(PkiException.class, () -> pki().prepare());
        assertTrue(e.getMessage().startsWith(tls("server-ca.crt").toString()) && e.getMessage().contains("CA:TRUE"), e.getMessage());
    }

    private String kubeconfig() throws IOException {
        return Files.readString(data.resolve("etc/manul.yaml"));
    }

    private X509Certificate inKubeconfig() throws Exception {
        String data = kubeconfig().lines().filter(l -> l.contains("client-certificate-data: ")).map(l -> l.replaceFirst(".*: ", "")).collect(Collectors.joining());
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(data)));
    }

    @Test
    void theKubeconfigFollowsItsCertificate() throws Exception {
        FilePki pki = pki().prepare();
        Path file = data.resolve("etc/manul.yaml");
        assertTrue(kubeconfig().contains("server: https://127.0.0.1:6443\n"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        X509Certificate first = inKubeconfig();
        Object written = Files.readAttributes(file, "unix:ino").get("ino");
        pki().prepare();
        pki.apiserver();
        assertEquals(written, Files.readAttributes(file, "unix:ino").get("ino"), "the same text is not written again");
        now = now.plus(Duration.ofDays(250));
        pki.apiserver(); // any handshake
        assertNotEquals(first, inKubeconfig());
        inKubeconfig().checkValidity(java.util.Date.from(now.plus(Duration.ofDays(360))));
    }

    @Test
    void aKubeconfigThatCannotBeWrittenStopsNoHandshake() throws Exception {
        FilePki pki = pki().prepare();
        X509Certificate first = inKubeconfig();
        Path blocked = Files.createDirectories(data.resolve("etc/manul.yaml.new/full"));
        now = now.plus(Duration.ofDays(250));
        assertDoesNotThrow(pki::apiserver);
        assertEquals(first, inKubeconfig());
        Files.delete(blocked);
        now = now.plus(Duration.ofMinutes(11));
        Files.delete(data.resolve("etc/manul.yaml.new"));
        pki.apiserver();
        assertNotEquals(first, inKubeconfig());
    }

    @Test
    void aHostOfVersionSixIsInBrackets() throws Exception {
        set.put("bindAddress", "fd00::1");
        pki().prepare();
        assertTrue(kubeconfig().contains("server: https://[fd00::1]:6443\n"));
    }
}
