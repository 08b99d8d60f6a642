package io.manul.pki;

import io.manul.api.pki.Pki.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and certificates under their names, read once, renewed when they are asked for and near their end. Every method is
 * guarded by the monitor of this object; renewal is a signature, not a wait.
 */
final class Store {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE = Duration.ofDays(120);

    private final InstantSource clock;
    private final Issuer issuer;
    private final Map<Path, Issuer.Authority> authorities = new HashMap<>();
    private final Map<Path, Identity> leaves = new HashMap<>();

    Store(InstantSource clock, Issuer issuer) {
        this.clock = clock;
        this.issuer = issuer;
    }

    /** @param base path without {@code .crt} and {@code .key} */
    synchronized Issuer.Authority authority(Path base, String commonName) {
        return authorities.computeIfAbsent(base, b -> {
            Path crt = suffix(b, ".crt");
            Path key = suffix(b, ".key");
            if (Files.exists(crt) || Files.exists(key)) {
                Issuer.Authority found = new Issuer.Authority(PemFiles.privateKey(key), PemFiles.certificates(crt).getFirst());
                matches(found.key(), found.certificate(), key, crt);
                return found;
            }
            Issuer.Authority made = issuer.authority(commonName + "@" + clock.instant().getEpochSecond(), clock.instant(), CA_LIFE);
            PemFiles.write(key, made.key());
            PemFiles.write(crt, List.of(made.certificate()));
            return made;
        });
    }

    synchronized Identity leaf(Path base, Issuer.Authority ca, Issuer.Subject subject) {
        Path crt = suffix(base, ".crt");
        Path key = suffix(base, ".key");
        Identity now = leaves.get(base);
        if (now == null && Files.exists(crt) && Files.exists(key)) {
            now = new Identity(PemFiles.privateKey(key), PemFiles.certificates(crt));
            matches(now.key(), now.chain().getFirst(), key, crt);
        }
        if (now == null || !good(now.chain().getFirst(), ca, subject)) {
            now = renew(crt, key, ca, subject, now);
        }
        leaves.put(base, now);
        return now;
    }

    private Identity renew(Path crt, Path key, Issuer.Authority ca, Issuer.Subject subject, Identity old) {
        PrivateKey privateKey;
        PublicKey publicKey;
        if (old == null) {
            KeyPair pair = issuer.ecKey();
            privateKey = pair.getPrivate();
            publicKey = pair.getPublic();
            PemFiles.write(key, privateKey);
        } else {
            privateKey = old.key();
            publicKey = old.chain().getFirst().getPublicKey();
            LOG.info("Certificate renewed file={} until={}", crt, clock.instant().plus(LEAF_LIFE));
        }
        List<X509Certificate> chain = List.of(issuer.leaf(ca, subject, publicKey, clock.instant(), LEAF_LIFE), ca.certificate());
        PemFiles.write(crt, chain);
        return new Identity(privateKey, chain);
    }

    /** Signed by this CA, far from its end, and with every name that is wanted. */
    private boolean good(X509Certificate c, Issuer.Authority ca, Issuer.Subject subject) {
        Instant end = c.getNotAfter().toInstant();
        if (!clock.instant().isBefore(end.minus(RENEW_BEFORE))) {
            return false;
        }
        try {
            c.verify(ca.certificate().getPublicKey());
            return names(c).containsAll(wanted(subject)) && c.getSubjectX500Principal().getName().contains("CN=" + subject.commonName().replace("+", "\\+"));
        } catch (GeneralSecurityException e) {
            return false; // of another CA: made anew
        }
    }

    private static Set<String> names(X509Certificate c) throws CertificateParsingException {
        Set<String> names = new HashSet<>();
        Collection<List<?>> all = c.getSubjectAlternativeNames();
        if (all != null) {
            all.forEach(n -> names.add(normal(String.valueOf(n.get(1)))));
        }
        return names;
    }

    private static Set<String> wanted(Issuer.Subject s) {
        Set<String> names = new HashSet<>(s.dnsNames());
        s.addresses().forEach(a -> names.add(normal(a.getHostAddress())));
        return names;
    }

    private static String normal(String name) {
        return name.equals("::1") ? "0:0:0:0:0:0:0:1" : name.replaceFirst("%.*", "");
    }

    private static void matches(PrivateKey key, X509Certificate certificate, Path keyFile, Path crtFile) {
        try {
            String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            java.security.Signature s = java.security.Signature.getInstance(algorithm);
            s.initSign(key);
            s.update(new byte[] {1});
            byte[] signed = s.sign();
            s.initVerify(certificate.getPublicKey());
            s.update(new byte[] {1});
            if (!s.verify(signed)) {
                throw new PkiException(keyFile + " is not the key of " + crtFile + "; restore the pair that belongs together from a backup");
            }
        } catch (GeneralSecurityException e) {
            throw new PkiException(keyFile + " is not the key of " + crtFile + " (" + e.getMessage() + ")");
        }
    }

    /** The RSA key that signs service-account tokens. */
    synchronized KeyPair serviceKey(Path file) {
        if (!Files.exists(file)) {
            KeyPair made = issuer.rsaKey();
            PemFiles.write(file, made.getPrivate());
            return made;
        }
        PrivateKey key = PemFiles.privateKey(file);
        if (!(key instanceof RSAPrivateCrtKey rsa)) {
            throw new PkiException(file + " is not an RSA key; restore it from a backup");
        }
        try {
            return new KeyPair(KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())), key);
        } catch (GeneralSecurityException e) {
            throw new PkiException(file + " cannot be used: " + e.getMessage());
        }
    }

    private static Path suffix(Path base, String suffix) {
        return base.resolveSibling(base.getFileName() + suffix);
    }
}
