package io.manul.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Handler;
import io.manul.api.http.Peer;
import io.manul.api.testing.TestSettings;
import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node's requests, against a real API server. */
@Timeout(60)
class JoinTest {

    @TempDir
    private Path data;
    private TestCluster api;
    private Cluster admin;
    private JoinComponent room;
    private volatile Instant now = Instant.now();

    private JoinComponent room() {
        return new JoinComponent(api.clusters(), new TestSettings("n1", data, Map.of("token", "secret-1", "agent-token", "secret-2")), api.pki(), () -> now,
                new SecureRandom());
    }

    @BeforeEach
    void open() throws Exception {
        api = new TestCluster();
        admin = api.admin();
        room = room();
        room.begin(new byte[0]);
    }

    @AfterEach
    void close() throws Exception {
        room.end();
        api.close();
    }

    private Ask ask(Ask x) throws Exception {
        ((Handler) room.offers().get(Handler.class)).handle(x);
        return x;
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String request() throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
        g.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair key = g.generateKeyPair();
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new javax.security.auth.x500.X500Principal("CN=system:admin,O=system:masters"), key.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())).getEncoded();
        return "-----BEGIN CERTIFICATE REQUEST-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    private Ask certificate(String what, String node, String password, String authorization) throws Exception {
        Ask x = Ask.remote("POST", "/v1-k3s/" + what, request()).with("k3s-node-name", node).with("k3s-node-password", password).with("k3s-node-ip", "192.0.2.7");
        return ask(authorization.isEmpty() ? x : x.with("authorization", authorization));
    }

    private static X509Certificate read(Ask x) throws Exception {
        assertEquals(200, x.status, x.answer);
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(x.answer.getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @CsvSource({"server, secret-1, 200", "node, secret-2, 200", "node, secret-1, 200", "server, secret-2, 401", "node, wrong, 401", "admin, secret-1, 401"})
    void whoHasATokenMayAsk(String user, String password, int code) throws Exception {
        assertEquals(code, ask(Ask.remote("GET", "/v1-k3s/config", "").with("authorization", basic(user, password))).status);
    }

    @Test
    void withoutATokenThereIsTheCaAndNothingElse() throws Exception {
        assertEquals(api.pki().serverCaPem(), ask(Ask.remote("GET", "/cacerts", "")).answer);
        for (String path : List.of("config", "readyz", "apiservers", "client-ca.crt", "server-ca.crt")) {
            assertEquals(401, ask(Ask.remote("GET", "/v1-k3s/" + path, "")).status, path);
        }
        assertEquals(401, ask(Ask.remote("GET", "/v1-k3s/connect", "").with("upgrade", "manul-tunnel")).status);
        assertEquals(404, ask(Ask.remote("GET", "/tokens", "").with("authorization", basic("server", "secret-1"))).status, "tokens are for this machine's root");
    }

    @Test
    void theServerSaysWhatACertificateSaysNotTheRequest() throws Exception {
        X509Certificate kubelet = read(certificate("client-kubelet.crt", "n7", "pw", basic("node", "secret-2")));
        assertTrue(kubelet.getSubjectX500Principal().getName().contains("CN=system:node:n7"), kubelet.getSubjectX500Principal().getName());
        X509Certificate serving = read(certificate("serving-kubelet.crt", "n7", "pw", basic("node", "secret-2")));
        assertTrue(serving.getSubjectAlternativeNames().toString().contains("192.0.2.7"));
        assertTrue(read(certificate("client-kube-proxy.crt", "n7", "pw", basic("node", "secret-2"))).getSubjectX500Principal().getName().contains("system:kube-proxy"));
        assertEquals(404, certificate("client-admin.crt", "n7", "pw", basic("server", "secret-1")).status);
    }

    @Test
    void aNameIsTheFirstMachinesUntilItsNodeIsDeleted() throws Exception {
        assertEquals(200, certificate("client-kubelet.crt", "n7", "pw", basic("node", "secret-2")).status);
        Ask other = certificate("client-kubelet.crt", "n7", "other", basic("node", "secret-2"));
        assertEquals(403, other.status);
        assertTrue(other.message().startsWith("Node password rejected, duplicate hostname"), other.message());
        assertEquals(200, certificate("client-kubelet.crt", "n7", "pw", "").status, "renewal: the password alone, whatever became of the token");
        assertEquals(401, certificate("client-kubelet.crt", "n7", "other", "").status);
        assertEquals(401, certificate("client-kubelet.crt", "n8", "pw", "").status);
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n7")));
        admin.delete(Resources.NODES, "", "n7");
        api.await("the name is free", () -> admin.get(Resources.SECRETS, "kube-system", "n7.node-password.manul").isEmpty());
        assertEquals(200, certificate("client-kubelet.crt", "n7", "other", basic("node", "secret-2")).status);
    }

    @ParameterizedTest
    @CsvSource({"N7", "'n7,O=system:masters'", "../n", "n1", "''"})
    void aNameThatIsNoneOrTakenIsRefused(String name) throws Exception {
        int code = certificate("client-kubelet.crt", name, "pw", basic("node", "secret-2")).status;
        assertTrue(code == 400 || code == 403, name + ": " + code);
    }

    @Test
    void aRequestThatIsNoneIsRefused() throws Exception {
        Ask x = Ask.remote("POST", "/v1-k3s/client-kubelet.crt", "hello").with("k3s-node-name", "n9").with("k3s-node-password", "p")
                .with("authorization", basic("node", "secret-2"));
        assertEquals(400, ask(x).status);
    }

    private Ask console(String method) {
        return new Ask(method, "/tokens", new Peer.Console(), "");
    }

    @Test
    void aBootstrapTokenJoinsUntilItEnds() throws Exception {
        String long1 = Obj.parse(ask(console("POST").and("ttl", "1h").and("description", "cam")).answer).text("token");
        assertTrue(long1.matches("K10[0-9a-f]{64}::[a-z0-9]{6}\\.[a-z0-9]{16}"), long1);
        String token = long1.substring(long1.indexOf("::") + 2);
        assertEquals(200, ask(Ask.remote("GET", "/v1-k3s/config", "").with("authorization", "Bearer " + token)).status);
        Obj listed = Obj.parse(ask(console("GET")).answer).objects("items").getFirst();
        assertEquals(List.of(token, "signing,authentication", "cam", "system:bootstrappers:k3s:default-node-token"),
                List.of(listed.text("token"), listed.text("usages"), listed.text("description"), listed.text("groups")));
        now = now.plusSeconds(3601);
        assertEquals(401, ask(Ask.remote("GET", "/v1-k3s/config", "").with("authorization", "Bearer " + token)).status);
        assertEquals(200, ask(console("DELETE").and("token", long1)).status);
        assertEquals(404, ask(console("DELETE").and("token", long1)).status);
        String other = Obj.parse(ask(console("POST").and("groups", "system:bootstrappers:others")).answer).text("token");
        assertEquals(401, ask(Ask.remote("GET", "/v1-k3s/config", "").with("authorization", "Bearer " + other.substring(other.indexOf("::") + 2))).status);
    }

    @Test
    void anExpiredTokenIsCleanedUp() throws Exception {
        ask(console("POST").and("token", "abcdef.0123456789abcdef").and("ttl", "1s"));
        api.await("the token cleaner", () -> admin.get(Resources.SECRETS, "kube-system", "bootstrap-token-abcdef").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"24h, 86400", "90m, 5400", "1h30m10s, 5410", "0, 0"})
    void durationsOfGo(String text, long seconds) throws Exception {
        assertEquals(seconds, TokenCommands.seconds(text));
        assertThrows(Refused.class, () -> TokenCommands.seconds(text + " and more"));
    }

    @Test
    void theServersTokenIsRotated() throws Exception {
        String before = Files.readString(data.resolve("server/token"));
        assertTrue(before.matches("K10[0-9a-f]{64}::server:secret-1\n"), before);
        assertEquals(before, Files.readString(data.resolve("server/node-token")));
        assertTrue(Files.readString(data.resolve("server/agent-token")).endsWith("::node:secret-2\n"));
        assertEquals(401, ask(console("PUT").and("token", "wrong").and("new-token", "secret-3")).status);
        assertEquals(200, ask(console("PUT").and("token", before.strip()).and("new-token", "secret-3")).status);
        assertEquals(401, ask(Ask.remote("GET", "/v1-k3s/config", "").with("authorization", basic("server", "secret-1"))).status);
        assertEquals(200, ask(Ask.remote("GET", "/v1-k3s/config", "").with("authorization", basic("server", "secret-3"))).status);
    }

    @Test
    void nodesJoinWhileTwoVersionsTakeTurns() throws Exception {
        JoinComponent other = room();
        for (int i = 0; i < 10; i++) {
            assertEquals(200, certificate("client-kubelet.crt", "turn" + i, "pw" + i, basic("node", "secret-2")).status, "between two versions");
            JoinComponent last = room;
            last.end();
            assertEquals(0, Threads.named("token-cleaner") + Threads.named("node-passwords"));
            room = other;
            room.begin(new byte[0]);
            other = last;
            assertEquals(200, certificate("client-kubelet.crt", "turn" + i, "pw" + i, "").status);
        }
        assertEquals(0, room.health().failures());
    }
}
