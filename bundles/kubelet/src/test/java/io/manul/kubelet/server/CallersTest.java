package io.manul.kubelet.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.client.Cluster;
import io.manul.json.Obj;
import io.manul.kubelet.log.FakeStream;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersTest {

    private record Authority(KeyPair key, X509Certificate certificate) {
    }

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<String> asked = new ArrayList<>();
    private final Authority ours = authority("CN=ours");
    private final Callers callers = new Callers((Pki) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Pki.class},
            (p, m, a) -> ours.certificate), new Reviews(api(), "n1", () -> now));

    /** Knows one token, "good", of prometheus, who may read metrics, and lets node a read pods. */
    private Cluster api() {
        return (Cluster) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Cluster.class}, (p, m, a) -> {
            Obj spec = ((Obj) a[2]).at("spec");
            asked.add(a[1].toString().replaceAll(".*/", "") + " " + spec.text("user"));
            if (a[1].toString().endsWith("tokenreviews")) {
                return spec.text("token").equals("good") ? Obj.of("status", Obj.of("authenticated", true, "user", Obj.of("username", "prometheus",
                        "groups", List.of("system:authenticated")))) : Obj.of("status", Obj.of("error", "invalid bearer token"));
            }
            Obj of = spec.at("resourceAttributes");
            assertEquals("n1", of.text("name"));
            boolean allowed = spec.text("user").equals("prometheus") && of.text("subresource").equals("metrics") && of.text("verb").equals("get");
            return Obj.of("status", Obj.of("allowed", allowed));
        });
    }

    private FakeExchange bearer(String path, String token) {
        return new FakeExchange(path, new Peer.Remote("1.2.3.4:5", List.of()), false, new FakeStream("")).with("authorization", "Bearer " + token);
    }

    @Test
    void aTokenIsReviewedAndWhatItMayIsAsked() throws Exception {
        callers.check(bearer("/metrics/resource", "good"));
        callers.check(bearer("/metrics/cadvisor", "good"));
        assertEquals(List.of("tokenreviews ", "subjectaccessreviews prometheus"), asked, "answers are remembered");
        Refused pods = assertThrows(Refused.class, () -> callers.check(bearer("/pods", "good")));
        assertEquals("Forbidden (user=prometheus, verb=get, resource=nodes, subresource(s)=[pods proxy])", pods.getMessage());
        assertEquals(401, assertThrows(Refused.class, () -> callers.check(bearer("/metrics", "bad"))).code());
        now = now.plusSeconds(301);
        asked.clear();
        callers.check(bearer("/metrics/resource", "good"));
        assertEquals(2, asked.size(), "and forgotten");
    }

    CallersTest() throws Exception {
    }

    private static KeyPair key() throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
        g.initialize(256);
        return g.generateKeyPair();
    }

    private static Authority authority(String name) throws Exception {
        KeyPair key = key();
        return new Authority(key, certificate(name, name, key, key, true, KeyPurposeId.id_kp_clientAuth, Duration.ofDays(1)));
    }

    private static X509Certificate certificate(String subject, String issuer, KeyPair key, KeyPair signer, boolean ca, KeyPurposeId usage,
            Duration life) throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder b = new JcaX509v3CertificateBuilder(new X500Name(issuer), BigInteger.valueOf(now.getNano() + 1),
                Date.from(now.minus(Duration.ofDays(2))), Date.from(now.plus(life)), new X500Name(subject), key.getPublic());
        b.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        if (!ca && usage != null) {
            b.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage));
        }
        return new JcaX509CertificateConverter().getCertificate(b.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }

    private X509Certificate leaf(String subject, KeyPurposeId usage, Duration life) throws Exception {
        return certificate(subject, "CN=ours", key(), ours.key, false, usage, life);
    }

    private FakeExchange from(X509Certificate... chain) {
        return new FakeExchange("/pods", new Peer.Remote("1.2.3.4:5", List.of(chain)), false, new FakeStream(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            O=system:masters,CN=system:admin        | 200
            CN=kube-apiserver                       | 200
            CN=system:apiserver                     | 200
            O=system:nodes,CN=system:node:a         | 403
            CN=system:masters                       | 403
            O=kube-apiserver,CN=eve                 | 403
            """)
    void byName(String subject, int code) throws Exception {
        FakeExchange x = from(leaf(subject, KeyPurposeId.id_kp_clientAuth, Duration.ofDays(1)));
        if (code == 200) {
            assertDoesNotThrow(() -> callers.check(x));
        } else {
            assertEquals(code, assertThrows(Refused.class, () -> callers.check(x)).code());
        }
    }

    /** RFC 5280, 4.2.1.12. */
    @Test
    void aCertificateForEveryUseIsForClientsToo() throws Exception {
        FakeExchange none = from(leaf("CN=kube-apiserver", null, Duration.ofDays(1)));
        FakeExchange any = from(leaf("CN=kube-apiserver", KeyPurposeId.anyExtendedKeyUsage, Duration.ofDays(1)));
        assertDoesNotThrow(() -> callers.check(none));
        assertDoesNotThrow(() -> callers.check(any));
    }

    @Test
    void whatIsNotOursIsUnauthorized() throws Exception {
        Authority other = authority("CN=ours");
        String masters = "O=system:masters,CN=system:admin";
        X509Certificate forged = certificate(masters, "CN=ours", key(), other.key, false, KeyPurposeId.id_kp_clientAuth, Duration.ofDays(1));
        X509Certificate expired = leaf(masters, KeyPurposeId.id_kp_clientAuth, Duration.ofDays(-1));
        X509Certificate server = leaf(masters, KeyPurposeId.id_kp_serverAuth, Duration.ofDays(1));
        KeyPair key = key();
        X509Certificate self = certificate(masters, masters, key, key, false, KeyPurposeId.id_kp_clientAuth, Duration.ofDays(1));
        for (FakeExchange x : List.of(from(), from(forged), from(forged, other.certificate), from(expired), from(server), from(self))) {
            assertEquals(401, assertThrows(Refused.class, () -> callers.check(x)).code());
        }
    }
}
