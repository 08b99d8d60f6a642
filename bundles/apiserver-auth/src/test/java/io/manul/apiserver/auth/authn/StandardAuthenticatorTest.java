package io.manul.apiserver.auth.authn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StandardAuthenticatorTest {

    private static final Duration BEFORE = Duration.ofHours(-1);
    private static final Duration AFTER = Duration.ofHours(1);
    private static final KeyPurposeId CLIENT = KeyPurposeId.id_kp_clientAuth;

    private final Memory memory = new Memory().put("", "serviceaccounts", "{'metadata':{'namespace':'a','name':'s','uid':'u1'}}");
    private Certificates ca;
    private ServiceAccountTokens tokens;
    private StandardAuthenticator authenticator;

    @BeforeEach
    void begin() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair key = rsa.generateKeyPair();
        ca = Certificates.authority("ca", null);
        Pki pki = Fakes.pki(Map.of("clientCa", ca.certificate(), "serviceAccountKey", key));
        tokens = new ServiceAccountTokens(pki, memory, () -> Fakes.NOW, "cluster.local");
        authenticator = new StandardAuthenticator(pki, tokens, memory, () -> Fakes.NOW);
    }

    private User ask(List<X509Certificate> chain, String... authorization) throws ApiException {
        return authenticator.authenticate(Fakes.exchange(new Peer.Remote("192.0.2.9:1", chain),
                authorization.length == 0 ? Map.of() : Map.of("authorization", List.of(authorization))));
    }

    private static String refused(ThrowingAsk ask) {
        ApiException e = assertThrows(ApiException.class, ask::run);
        assertEquals(401, e.code());
        return e.getMessage();
    }

    private interface ThrowingAsk {
        void run() throws ApiException;
    }

    /** @param change of the data, as key and new value */
    private static io.manul.json.Obj bootstrap(String id, String... change) {
        io.manul.json.Obj data = io.manul.json.Obj.of("token-id", id, "token-secret", "0123456789abcdef", "usage-bootstrap-authentication", "true",
                "expiration", Fakes.NOW.plusSeconds(60).toString(), "auth-extra-groups", "system:bootstrappers:k3s:default-node-token");
        for (int i = 0; i < change.length; i += 2) {
            data.put(change[i], change[i + 1]);
        }
        io.manul.json.Obj encoded = io.manul.json.Obj.of();
        data.map().forEach((k, v) -> encoded.put(k, java.util.Base64.getEncoder().encodeToString(String.valueOf(v).getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        return io.manul.json.Obj.of("metadata", io.manul.json.Obj.of("namespace", "kube-system", "name", "bootstrap-token-" + id),
                "type", "bootstrap.kubernetes.io/token", "data", encoded);
    }

    @Test
    void aBootstrapTokenIsAUserOfItsGroups() throws Exception {
        memory.put("", "secrets", bootstrap("abcdef"));
        User u = ask(List.of(), "Bearer abcdef.0123456789abcdef");
        assertEquals("system:bootstrap:abcdef [system:bootstrappers, system:bootstrappers:k3s:default-node-token, system:authenticated]", u.name() + " " + u.groups());
    }

    @Test
    void aBootstrapTokenThatIsWrongOrOverIsNobody() {
        memory.put("", "secrets", bootstrap("abcdef"));
        memory.put("", "secrets", bootstrap("expire", "expiration", Fakes.NOW.toString()));
        memory.put("", "secrets", bootstrap("exunread", "expiration", "soon"));
        memory.put("", "secrets", bootstrap("usages", "usage-bootstrap-authentication", "false"));
        memory.put("", "secrets", bootstrap("groups", "auth-extra-groups", "system:masters"));
        memory.put("", "secrets", bootstrap("others", "token-id", "abcdef"));
        for (String token : List.of("abcdef.0123456789abcdee", "zzzzzz.0123456789abcdef", "expire.0123456789abcdef", "exunre.0123456789abcdef",
                "usages.0123456789abcdef", "groups.0123456789abcdef", "others.0123456789abcdef")) {
            refused(() -> ask(List.of(), "Bearer " + token));
        }
    }

    @TestFactory
    List<DynamicTest> subjects() {
        Map<String, String> table = Map.of(
                "CN=alice", "alice []",
                "O=g1,CN=bob", "bob [g1]",
                "O=g1,O=g2,CN=bob", "bob [g1, g2]",
                "O=a+O=b,CN=carol", "carol [a, b]",
                "O=a+O=b+CN=dave,O=c", "dave [a, b, c]",
                "OU=x+O=y,CN=erin", "erin [y]",
                "O=system:masters\\, Inc,CN=f", "f [system:masters, Inc]",
                "CN=first,CN=last", "last []");
        List<DynamicTest> tests = new ArrayList<>();
        table.forEach((subject, wanted) -> tests.add(dynamicTest(subject, () -> {
            User u = ask(List.of(ca.client(subject, BEFORE, AFTER, CLIENT).certificate()));
            List<String> groups = new ArrayList<>(u.groups());
            assertEquals("system:authenticated", groups.removeLast());
            assertEquals(wanted, u.name() + " " + (wanted.contains("a, b") ? groups.stream().sorted().toList() : groups));
        })));
        return tests;
    }

    /** As {@code openssl x509 -req} without extensions makes it; upstream takes it (RFC 5280, 4.2.1.12). */
    @Test
    void aCertificateForEveryUseIsForClientsToo() throws Exception {
        assertEquals("x", ask(List.of(ca.client("CN=x", BEFORE, AFTER, null).certificate())).name());
        assertEquals("x", ask(List.of(ca.client("CN=x", BEFORE, AFTER, KeyPurposeId.anyExtendedKeyUsage).certificate())).name());
    }

    @Test
    void whatIsWrongWithACertificateIs401() throws Exception {
        Certificates other = Certificates.authority("ca", null);
        refused(() -> ask(List.of(ca.certificate())));
        for (Certificates c : List.of(ca.client("CN=x", BEFORE, AFTER, KeyPurposeId.id_kp_serverAuth),
                ca.client("CN=x", Duration.ofHours(-2), BEFORE, CLIENT), ca.client("CN=x", AFTER, Duration.ofHours(2), CLIENT),
                other.client("CN=x", BEFORE, AFTER, CLIENT), ca.client("O=nobody", BEFORE, AFTER, CLIENT))) {
            refused(() -> ask(List.of(c.certificate())));
        }
        // a leaf cannot sign another one
        Certificates leaf = ca.client("CN=x", BEFORE, AFTER, CLIENT);
        Certificates below = leaf.client("CN=y", BEFORE, AFTER, CLIENT);
        refused(() -> ask(List.of(below.certificate(), leaf.certificate())));
    }

    @Test
    void intermediatesAreFollowed() throws Exception {
        Certificates between = Certificates.authority("between", ca);
        Certificates c = between.client("O=g,CN=x", BEFORE, AFTER, CLIENT);
        assertEquals("x", ask(List.of(c.certificate(), between.certificate())).name());
        assertEquals("x", ask(List.of(c.certificate(), between.certificate(), ca.certificate())).name());
        refused(() -> ask(List.of(c.certificate())));
    }

    @Test
    void theCertificateGoesBeforeTheToken() throws Exception {
        String token = "Bearer " + token();
        List<X509Certificate> good = List.of(ca.client("CN=x", BEFORE, AFTER, CLIENT).certificate());
        List<X509Certificate> bad = List.of(Certificates.authority("else", null).client("CN=x", BEFORE, AFTER, CLIENT).certificate());
        assertEquals("x", ask(good, token).name());
        assertEquals("x", ask(good, "Bearer rubbish").name());
        assertEquals("system:serviceaccount:a:s", ask(bad, token).name());
        refused(() -> ask(bad, "Bearer rubbish"));
        refused(() -> ask(List.of(), "Bearer rubbish"));
        assertEquals("system:anonymous", ask(List.of(), "Basic YTpi").name());
        assertEquals(List.of("system:unauthenticated"), ask(List.of()).groups());
    }

    private String token() throws ApiException {
        return tokens.issue("a", "s", Obj.of("spec", Obj.of())).text("status", "token");
    }

    @Test
    void roomsAndTheConsole() throws Exception {
        assertEquals(List.of("g", "system:authenticated"),
                authenticator.authenticate(Fakes.exchange(new Peer.Internal("x", List.of("g"), "room"), Map.of())).groups());
        assertEquals(List.of("system:unauthenticated"), authenticator.authenticate(
                Fakes.exchange(new Peer.Internal("system:anonymous", List.of("system:unauthenticated"), "room"), Map.of())).groups());
        assertEquals(List.of("system:masters", "system:authenticated"),
                authenticator.authenticate(Fakes.exchange(new Peer.Console(), Map.of())).groups());
        assertEquals(501, assertThrows(ApiException.class, () -> authenticator.authenticate(
                Fakes.exchange(new Peer.Console(), Map.of("impersonate-user", List.of("x"))))).code());
    }
}
