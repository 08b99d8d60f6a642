package io.manul.agent;

import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A server's joining endpoints, by k3s's paths, over verified TLS. */
final class Supervisor implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final HttpClient client;
    private final URI server;
    private final String authorization;
    private final Map<String, String> node;

    /** @param authorization empty: only the node's password says who asks */
    private Supervisor(SSLContext tls, URI server, String authorization, Map<String, String> node) {
        this.client = HttpClient.newBuilder().sslContext(tls).connectTimeout(Duration.ofSeconds(5)).build();
        this.server = server;
        this.authorization = authorization;
        this.node = node;
    }

    static Supervisor of(URI server, String caPem, Optional<Token> token, Map<String, String> node) throws IOException {
        return new Supervisor(Tls.context(Pem.certificates(caPem), null, List.of()), server, token.map(Token::authorization).orElse(""), node);
    }

    /** The CA that a server has, not verified; the hash of the token, when it has one, must be its. */
    static String fetchCa(URI server, Token token) throws IOException, InterruptedException, JoinException {
        String pem;
        try (Supervisor anybody = new Supervisor(Tls.trustingAnybody(), server, "", Map.of())) {
            pem = anybody.get("/cacerts");
        }
        String hash = hash(pem);
        if (!token.caHash().isEmpty() && !token.caHash().equals(hash)) {
            throw new JoinException("token CA hash does not match the Cluster CA certificate hash: " + token.caHash() + " != " + hash
                    + ". This token is of another cluster than " + server + ", or somebody stands between");
        }
        return pem;
    }

    /** Of a CA that signs itself, of the PEM text as it is; of one below others, of the root's DER form (K3S.md 1.7). */
    static String hash(String pem) throws IOException {
        try {
            List<X509Certificate> all = Pem.certificates(pem);
            X509Certificate root = all.getLast();
            byte[] what = all.size() == 1 ? pem.getBytes(StandardCharsets.US_ASCII) : root.getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(what));
        } catch (GeneralSecurityException e) {
            throw new IOException("the CA's hash cannot be made: " + e.getMessage(), e);
        }
    }

    String get(String path) throws IOException, InterruptedException, JoinException {
        return send(HttpRequest.newBuilder(server.resolve(path)).GET());
    }

    Obj config() throws IOException, InterruptedException, JoinException {
        try {
            return Obj.parse(get("/v1-k3s/config"));
        } catch (JsonException e) {
            throw new IOException(server + " answered /v1-k3s/config with what is not JSON: " + e.getMessage(), e);
        }
    }

    /** A certificate for a new key that never leaves this machine; kept by {@code files} once it is there. */
    void certify(NodeFiles files, String name) throws IOException, InterruptedException, JoinException {
        try {
            KeyPair key = NodeFiles.newKey();
            String chain = send(HttpRequest.newBuilder(server.resolve("/v1-k3s/" + name + ".crt"))
                    .POST(HttpRequest.BodyPublishers.ofString(Request.pem(key.getPublic(), key.getPrivate()))));
            Pem.certificates(chain);
            files.keep(name, key.getPrivate(), chain);
        } catch (GeneralSecurityException e) {
            throw new IOException("no key can be made: " + e.getMessage(), e);
        }
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException, JoinException {
        request.timeout(LIMIT);
        node.forEach(request::header);
        if (!authorization.isEmpty()) {
            request.header("authorization", authorization);
        }
        HttpRequest asked = request.build();
        HttpResponse<String> r = client.send(asked, HttpResponse.BodyHandlers.ofString());
        if (r.statusCode() == 401 || r.statusCode() == 403 || r.statusCode() == 400) {
            throw new JoinException(server + " refuses this node: " + message(r.body()));
        }
        if (r.statusCode() != 200) {
            throw new IOException(asked.uri() + " answered " + r.statusCode() + ": " + message(r.body()));
        }
        return r.body();
    }

    private static String message(String body) {
        try {
            return Obj.parse(body).text("message");
        } catch (JsonException e) {
            return body.length() > 300 ? body.substring(0, 300) : body.strip();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
