package io.manul.apiserver.auth.authn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceAccountTokensTest {

    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
    private static final String POD = "{'metadata':{'namespace':'a','name':'p','uid':'p1'},'spec':{'serviceAccountName':'s','nodeName':'n1'}}";
    private static final String FOR_POD = "{'spec':{'expirationSeconds':3607,'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'p','uid':'p1'}}}";
    private static KeyPair key;

    private final Memory memory = new Memory().put("", "serviceaccounts", "{'metadata':{'namespace':'a','name':'s','uid':'u1'}}")
            .put("", "pods", POD).put("", "nodes", "{'metadata':{'name':'n1','uid':'nu'}}")
            .put("", "secrets", "{'metadata':{'namespace':'a','name':'x','uid':'x1'}}");
    private Instant now = Fakes.NOW;
    private final ServiceAccountTokens tokens = new ServiceAccountTokens(Fakes.pki(Map.of("serviceAccountKey", key)), memory, () -> now, "cluster.local");

    @BeforeAll
    static void makeKey() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        key = rsa.generateKeyPair();
    }

    private Obj issue(String request) throws ApiException {
        return tokens.issue("a", "s", Fakes.parse(request));
    }

    private boolean good(String token) throws ApiException {
        return tokens.verify(token, List.of()).isPresent();
    }

    @Test
    void aTokenSaysWhoseItIs() throws Exception {
        User u = tokens.verify(issue(FOR_POD).text("status", "token"), List.of()).orElseThrow();
        assertEquals("system:serviceaccount:a:s", u.name());
        assertEquals("u1", u.uid());
        assertEquals(List.of("system:serviceaccounts", "system:serviceaccounts:a"), u.groups());
        assertEquals(List.of("p"), u.extra().get("authentication.kubernetes.io/pod-name"));
        assertEquals(List.of("nu"), u.extra().get("authentication.kubernetes.io/node-uid"));
    }

    /** The token of a pod lives a year, but its kubelet is told the hour that was asked for. */
    @ParameterizedTest
    @CsvSource({"3607, 3607, 31536000", "3600, 3600, 3600"})
    void expiry(long asked, long told, long lives) throws Exception {
        Obj answer = issue(FOR_POD.replace("3607", Long.toString(asked)));
        assertEquals(now.plusSeconds(told).toString(), answer.text("status", "expirationTimestamp"));
        assertEquals(told, answer.number("spec", "expirationSeconds").orElse(0));
        String token = answer.text("status", "token");
        now = Fakes.NOW.plusSeconds(lives - 1);
        assertTrue(good(token));
        now = Fakes.NOW.plusSeconds(lives);
        assertFalse(good(token));
        now = Fakes.NOW.minusSeconds(1);
        assertFalse(good(token), "not before");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'spec':{'expirationSeconds':599}} | 422 | may not specify a duration less than 10 minutes",
        "{'spec':{'expirationSeconds':4294967297}} | 422 | may not specify a duration larger than 2^32 seconds",
        "{'spec':{'boundObjectRef':{'kind':'ConfigMap','name':'p'}}} | 400 | cannot bind token to object of type",
        "{'spec':{'boundObjectRef':{'kind':'Pod','name':'gone'}}} | 404 | pods \"gone\" not found",
        "{'spec':{'boundObjectRef':{'kind':'Pod','name':'p','uid':'other'}}} | 409 | does not match the UID in record",
        "{'spec':{'boundObjectRef':{'kind':'Pod','name':'q'}}} | 400 | to pod running with different serviceaccount name"}, quoteCharacter = '~')
    void refusals(String request, int code, String message) {
        memory.put("", "pods", POD.replace("'p'", "'q'").replace("'s'", "'t'"));
        ApiException e = assertThrows(ApiException.class, () -> issue(request));
        assertEquals(code, e.code());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void whatATokenIsBoundToMustBeThere() throws Exception {
        String plain = issue("{'spec':{}}").text("status", "token");
        String pod = issue(FOR_POD).text("status", "token");
        String secret = issue("{'spec':{'boundObjectRef':{'apiVersion':'v1','kind':'Secret','name':'x'}}}").text("status", "token");
        assertTrue(good(plain) && good(pod) && good(secret));
        memory.put("", "pods", POD.replace("p1", "p2"));
        assertFalse(good(pod), "made anew");
        memory.remove("", "pods", "a", "p").remove("", "secrets", "a", "x");
        assertFalse(good(pod) || good(secret), "deleted");
        assertTrue(good(plain));
        memory.put("", "serviceaccounts", "{'metadata':{'namespace':'a','name':'s','uid':'u2'}}");
        assertFalse(good(plain), "account made anew");
        memory.remove("", "serviceaccounts", "a", "s");
        assertFalse(good(plain), "account deleted");
    }

    @Test
    void aPodThatGoesTakesItsTokenWithItAfterAMinute() throws Exception {
        String token = issue(FOR_POD).text("status", "token");
        memory.put("", "pods", POD.replace("'uid'", "'deletionTimestamp':'" + now.plusSeconds(30) + "','uid'"));
        assertTrue(good(token));
        now = Fakes.NOW.plusSeconds(90);
        assertTrue(good(token));
        now = Fakes.NOW.plusSeconds(91);
        assertFalse(good(token));
    }

    /** Signs whatever it is given, with the real key. */
    private static String forge(String header, Obj claims) throws Exception {
        Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
        String signed = url.encodeToString(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8)) + "." + url.encodeToString(claims.bytes());
        Signature s = Signature.getInstance("SHA256withRSA");
        s.initSign(key.getPrivate());
        s.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + url.encodeToString(s.sign());
    }

    private boolean forged(String header, Consumer<Obj> change) throws Exception {
        Obj claims = Obj.of("aud", List.of(ISSUER), "iss", ISSUER, "exp", now.plus(Duration.ofHours(1)).getEpochSecond(), "nbf", now.getEpochSecond(),
                "kubernetes.io", Obj.of("namespace", "a", "serviceaccount", Obj.of("name", "s", "uid", "u1")));
        change.accept(claims);
        return good(forge(header, claims));
    }

    @Test
    void claimsAndHeadersThatAreNotOurs() throws Exception {
        String header = "{'alg':'RS256'}";
        assertTrue(forged(header, c -> { }));
        assertFalse(forged("{'alg':'RS256','crit':['b64'],'b64':false}", c -> { }));
        assertFalse(forged("{'alg':'RS256','crit':null}", c -> { }));
        assertFalse(forged("{'alg':'none'}", c -> { }));
        assertFalse(forged("{'alg':'HS256'}", c -> { }));
        assertFalse(forged("{}", c -> { }));
        assertFalse(forged(header, c -> c.put("iss", "https://else")));
        assertFalse(forged(header, c -> c.put("aud", List.of("else"))));
        assertFalse(forged(header, c -> c.remove("aud")));
        assertFalse(forged(header, c -> c.remove("exp")));
        assertFalse(forged(header, c -> c.remove("nbf")));
        assertFalse(forged(header, c -> c.remove("kubernetes.io")));
        assertFalse(forged(header, c -> c.set("", "kubernetes.io", "serviceaccount", "uid")));
        assertFalse(forged(header, c -> c.set(Obj.of("name", "n9", "uid", "x"), "kubernetes.io", "node")));
    }

    @Test
    void aSignatureOfAnotherKeyOrATouchedTokenIsNone() throws Exception {
        String token = issue("{'spec':{}}").text("status", "token");
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        assertTrue(Jws.verify(key.getPublic(), token).isPresent());
        assertTrue(Jws.verify(rsa.generateKeyPair().getPublic(), token).isEmpty());
        String[] parts = token.split("\\.");
        String claims = Base64.getUrlEncoder().withoutPadding().encodeToString(
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).replace(":a:s", ":a:t").getBytes(StandardCharsets.UTF_8));
        for (String bad : List.of("", ".", "..", "a.b", parts[0] + "." + claims + "." + parts[2], parts[0] + "." + parts[1] + ".",
                token + ".x", parts[0] + "." + parts[1] + ".!!", "x".repeat(20_000))) {
            assertFalse(good(bad), bad);
        }
    }

    @Test
    void audiencesAreWhatBothSay() throws Exception {
        String token = issue("{'spec':{'audiences':['vault','b']}}").text("status", "token");
        assertFalse(good(token));
        assertEquals(List.of("b", "vault"), tokens.review(token, List.of("c", "b", "vault")).orElseThrow().audiences());
        assertTrue(tokens.verify(token, List.of("c")).isEmpty());
    }

    @Test
    void theKeySetVerifies() throws Exception {
        Obj jwk = tokens.keySet().objects("keys").getFirst();
        String[] parts = issue("{'spec':{}}").text("status", "token").split("\\.");
        assertEquals(jwk.text("kid"), Obj.parse(Base64.getUrlDecoder().decode(parts[0])).text("kid"));
        assertEquals(ISSUER, tokens.configuration("https://192.0.2.1:6443").text("issuer"));
    }
}
