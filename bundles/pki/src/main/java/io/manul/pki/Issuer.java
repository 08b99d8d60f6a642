package io.manul.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys and signs certificates (RFC 5280). */
final class Issuer {

    private static final Duration BACKDATED = Duration.ofMinutes(5);

    /** What a leaf certificate says. */
    record Subject(String commonName, List<String> organizations, List<String> dnsNames, List<InetAddress> addresses, boolean server) {
        Subject {
            organizations = List.copyOf(organizations);
            dnsNames = List.copyOf(dnsNames);
            addresses = List.copyOf(addresses);
        }
    }

    private final SecureRandom random;

    Issuer(SecureRandom random) {
        this.random = random;
    }

    KeyPair ecKey() {
        try {
            KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
            g.initialize(new ECGenParameterSpec("secp256r1"), random);
            return g.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new PkiException("this JDK cannot make P-256 keys: " + e.getMessage());
        }
    }

    KeyPair rsaKey() {
        try {
            KeyPairGenerator g = KeyPairGenerator.getInstance("RSA");
            g.initialize(2048, random);
            return g.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new PkiException("this JDK cannot make RSA keys: " + e.getMessage());
        }
    }

    /** A self-signed certificate of a CA. */
    X509Certificate authority(String commonName, PrivateKey key, PublicKey of, Instant now, Duration life) {
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
        X509v3CertificateBuilder b = builder(name, name, of, now, life);
        try {
            b.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            b.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign));
            b.addExtension(Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(of));
        } catch (IOException | GeneralSecurityException e) {
            throw new PkiException("certificate of " + commonName + " cannot be made: " + e.getMessage());
        }
        return sign(b, key, commonName);
    }

    /** The subject as it stands in the certificate. */
    static X500Name name(Subject s) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        s.organizations().forEach(o -> name.addRDN(BCStyle.O, o));
        return name.addRDN(BCStyle.CN, s.commonName()).build();
    }

    X509Certificate leaf(Ca ca, Subject s, PublicKey key, Instant now, Duration life) {
        X500Name issuer = X500Name.getInstance(ca.certificate().getSubjectX500Principal().getEncoded());
        X509v3CertificateBuilder b = builder(issuer, name(s), key, now, life);
        try {
            b.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            b.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            b.addExtension(Extension.extendedKeyUsage, false,
                    new ExtendedKeyUsage(s.server() ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth));
            b.addExtension(Extension.authorityKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(ca.certificate().getPublicKey()));
            GeneralName[] names = names(s);
            if (names.length > 0) {
                b.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new PkiException("certificate of " + s.commonName() + " cannot be made: " + e.getMessage());
        }
        return sign(b, ca.key(), s.commonName());
    }

    private static GeneralName[] names(Subject s) {
        List<GeneralName> names = new ArrayList<>();
        s.dnsNames().forEach(d -> names.add(new GeneralName(GeneralName.dNSName, d)));
        s.addresses().forEach(a -> names.add(new GeneralName(GeneralName.iPAddress, new DEROctetString(a.getAddress()))));
        return names.toArray(GeneralName[]::new);
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration life) {
        return new X509v3CertificateBuilder(issuer, new BigInteger(127, random).setBit(126), Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)), subject, SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key, String what) {
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder(Keys.algorithm(key)).build(key)));
        } catch (OperatorCreationException | CertificateException e) {
            throw new PkiException("certificate of " + what + " cannot be signed: " + e.getMessage());
        }
    }
}
