package io.manul.helm.source;

import io.manul.client.Unreached;
import io.manul.helm.HelmException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Bounded GETs for one fetch; closed after it. */
final class Web implements AutoCloseable {

    static final int MOST_BYTES = 32 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int REDIRECTS = 10;

    /** An answer, whole. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
    }

    private final HttpClient client;

    Web(Access access) throws HelmException {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).followRedirects(HttpClient.Redirect.NEVER);
        try {
            if (access.insecure() || access.ca().isPresent()) {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, access.insecure() ? new TrustManager[] {new TrustAnything()} : trust(access.ca().orElseThrow()), null);
                builder.sslContext(context);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new HelmException("the repository's CA certificates cannot be used: " + e.getMessage());
        }
        client = builder.build();
    }

    /** The given certificates and the system's. */
    private static TrustManager[] trust(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int n = 0;
        for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
            store.setCertificateEntry("ca" + n++, c);
        }
        TrustManagerFactory system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        system.init((KeyStore) null);
        for (TrustManager m : system.getTrustManagers()) {
            if (m instanceof X509TrustManager x) {
                for (X509Certificate c : x.getAcceptedIssuers()) {
                    store.setCertificateEntry("system" + n++, c);
                }
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** What the HelmChart asks for by insecureSkipTLSVerify: neither certificate nor host name is looked at. */
    private static final class TrustAnything extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Follows redirects; headers with credentials only to the host they were given for, unless {@code everywhere}. */
    Answer get(URI uri, Map<String, String> headers, boolean everywhere) throws HelmException, InterruptedException {
        URI at = uri;
        for (int i = 0; i < REDIRECTS; i++) {
            Map<String, String> sent = new HashMap<>(headers);
            if (!everywhere && !java.util.Objects.equals(at.getAuthority(), uri.getAuthority())) {
                sent.remove("Authorization");
            }
            Answer answer = once(at, sent);
            if (answer.status / 100 != 3 || !answer.headers.containsKey("location")) {
                return answer;
            }
            at = at.resolve(answer.headers.get("location"));
        }
        throw new HelmException(uri + " redirects more than " + REDIRECTS + " times", true);
    }

    private Answer once(URI uri, Map<String, String> headers) throws HelmException, InterruptedException {
        if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new HelmException(uri + " is no http or https URL");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(LIMIT).header("User-Agent", "manul");
        headers.forEach(request::header);
        try {
            HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] body = in.readNBytes(MOST_BYTES + 1);
                if (body.length > MOST_BYTES) {
                    throw new HelmException(uri + " is larger than " + (MOST_BYTES >> 20) + " MiB");
                }
                Map<String, String> out = new HashMap<>();
                response.headers().map().forEach((k, v) -> out.put(k.toLowerCase(java.util.Locale.ROOT), v.getFirst()));
                return new Answer(response.statusCode(), out, body);
            }
        } catch (IOException e) {
            throw new HelmException(uri + " cannot be reached: " + Unreached.why(e, Instant.now()), true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
