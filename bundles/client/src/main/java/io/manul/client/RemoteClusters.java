package io.manul.client;

import io.manul.client.internal.RemoteConnection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The same {@link Cluster} from another process or machine, over HTTPS. */
public final class RemoteClusters {

    private RemoteClusters() {
    }

    /** @param caPem what the server's certificate must chain to */
    public static Cluster withToken(URI server, String caPem, String token, String agent) throws GeneralSecurityException, IOException {
        return RemoteConnection.open(client(caPem, null, List.of()), server, Optional.of(token), agent);
    }

    /** @param chain the client's certificate chain, leaf first */
    public static Cluster withCertificate(URI server, String caPem, PrivateKey key, List<X509Certificate> chain, String agent)
            throws GeneralSecurityException, IOException {
        return RemoteConnection.open(client(caPem, key, chain), server, Optional.empty(), agent);
    }

    private static HttpClient client(String caPem, PrivateKey key, List<X509Certificate> chain) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        int n = 0;
        for (Certificate c : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII)))) {
            trusted.setCertificateEntry("ca" + n++, c);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = null;
        if (key != null) {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("client", key, new char[0], chain.toArray(X509Certificate[]::new));
            keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).connectTimeout(Duration.ofSeconds(10)).build();
    }
}
