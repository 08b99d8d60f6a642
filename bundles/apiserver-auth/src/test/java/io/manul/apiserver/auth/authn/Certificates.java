package io.manul.apiserver.auth.authn;

import io.manul.apiserver.auth.Fakes;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate with its key, and what it signs. */
record Certificates(KeyPair key, X509Certificate certificate) {

    private static KeyPair pair() throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
        g.initialize(256);
        return g.generateKeyPair();
    }

    static Certificates authority(String name, Certificates by) throws Exception {
        return make("CN=" + name, by, Duration.ofDays(-1), Duration.ofDays(10), true, null);
    }

    Certificates client(String subject, Duration from, Duration until, KeyPurposeId use) throws Exception {
        return make(subject, this, from, until, false, use);
    }

    private static Certificates make(String subject, Certificates by, Duration from, Duration until, boolean ca, KeyPurposeId use) throws Exception {
        KeyPair pair = pair();
        X500Name name = new X500Name(subject);
        X500Name issuer = by == null ? name : X500Name.getInstance(by.certificate.getSubjectX500Principal().getEncoded());
        X509v3CertificateBuilder b = new JcaX509v3CertificateBuilder(issuer, BigInteger.valueOf(System.nanoTime()),
                Date.from(Fakes.NOW.plus(from)), Date.from(Fakes.NOW.plus(until)), name, pair.getPublic());
        b.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        if (use != null) {
            b.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
        }
        return new Certificates(pair, new JcaX509CertificateConverter().getCertificate(
                b.build(new JcaContentSignerBuilder("SHA256withECDSA").build((by == null ? pair : by.key).getPrivate()))));
    }
}
