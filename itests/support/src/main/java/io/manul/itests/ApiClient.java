package io.manul.itests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** The API over HTTP/2 with the admin's certificate of a kubeconfig; the JDK's own client. */
public final class ApiClient {

    private final HttpClient client;
    private final String base;

    public ApiClient(Path kubeconfig, String base) throws IOException, GeneralSecurityException {
        String text = Files.readString(kubeconfig);
        CertificateFactory x509 = CertificateFactory.getInstance("X.509");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", x509.generateCertificate(new ByteArrayInputStream(data(text, "certificate-authority-data"))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        Certificate[] chain = x509.generateCertificates(new ByteArrayInputStream(data(text, "client-certificate-data"))).toArray(Certificate[]::new);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("admin", key(data(text, "client-key-data")), new char[0], chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        this.client = HttpClient.newBuilder().sslContext(tls).connectTimeout(Duration.ofSeconds(10)).build();
        this.base = base;
    }

    private static PrivateKey key(byte[] pem) throws IOException {
        try (PEMParser parser = new PEMParser(new java.io.StringReader(new String(pem, StandardCharsets.US_ASCII)))) {
            return new JcaPEMKeyConverter().getPrivateKey(switch (parser.readObject()) {
                case PEMKeyPair pair -> pair.getPrivateKeyInfo();
                case PrivateKeyInfo key -> key;
                case null, default -> throw new IOException("the kubeconfig's client-key-data is no private key");
            });
        }
    }

    private static byte[] data(String kubeconfig, String key) {
        Matcher m = Pattern.compile(key + ": ([A-Za-z0-9+/=]+)").matcher(kubeconfig);
        if (!m.find()) {
            throw new IllegalArgumentException("the kubeconfig has no " + key);
        }
        return Base64.getDecoder().decode(m.group(1));
    }

    public HttpResponse<String> send(String method, String path, String type, String body) throws IOException, InterruptedException {
        HttpRequest.Builder b = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20))
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            b.header("content-type", type);
        }
        return client.send(b.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<InputStream> stream(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(base + path)).build(), HttpResponse.BodyHandlers.ofInputStream());
    }
}
