package io.manul.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** PEM files: read whole, written so that a power cut leaves the old one or the new one. */
final class PemFiles {

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PUBLIC = PosixFilePermissions.fromString("rw-r--r--");

    private PemFiles() {
    }

    static List<X509Certificate> certificates(Path file) {
        try {
            Collection<? extends java.security.cert.Certificate> all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            List<X509Certificate> chain = new ArrayList<>();
            all.forEach(c -> chain.add((X509Certificate) c));
            if (chain.isEmpty()) {
                throw new PkiException(file + " holds no certificate" + advice(file));
            }
            return chain;
        } catch (IOException | CertificateException e) {
            throw new PkiException(file + " cannot be read as a certificate: " + e.getMessage() + advice(file));
        }
    }

    /** PKCS #8 or the older OpenSSL forms (custom CAs). */
    static PrivateKey privateKey(Path file) {
        try (PEMParser parser = new PEMParser(Files.newBufferedReader(file))) {
            Object o = parser.readObject();
            if (o instanceof org.bouncycastle.asn1.ASN1ObjectIdentifier) {
                o = parser.readObject(); // EC PARAMETERS come first
            }
            PrivateKeyInfo info = switch (o) {
                case PEMKeyPair pair -> pair.getPrivateKeyInfo();
                case PrivateKeyInfo i -> i;
                case null, default -> throw new PkiException(file + " holds no private key" + advice(file));
            };
            return KeyFactory.getInstance(new JcaPEMKeyConverter().getPrivateKey(info).getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (PEMException | GeneralSecurityException e) {
            throw new PkiException(file + " cannot be read as a private key: " + e.getMessage() + advice(file));
        } catch (IOException e) {
            throw new PkiException(file + " cannot be read: " + e.getMessage() + advice(file));
        }
    }

    private static String advice(Path file) {
        return "; restore " + file.getFileName() + " from a backup, or move it and its pair out of " + file.getParent()
                + " to have new ones made";
    }

    static void write(Path file, List<X509Certificate> chain) {
        try {
            StringBuilder text = new StringBuilder();
            for (X509Certificate c : chain) {
                text.append(pem(c));
            }
            write(file, text.toString(), PUBLIC);
        } catch (CertificateException e) {
            throw new PkiException("certificate for " + file + " cannot be encoded: " + e.getMessage());
        }
    }

    /** The older form {@code EC PRIVATE KEY} (SEC 1, RFC 5915), which every Kubernetes client reads; P-256. */
    static String sec1(PrivateKey key, PublicKey publicKey) {
        if (!(key instanceof ECPrivateKey ec)) {
            return pem("PRIVATE KEY", key);
        }
        try {
            return block("EC PRIVATE KEY", new org.bouncycastle.asn1.sec.ECPrivateKey(256, ec.getS(),
                    SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()).getPublicKeyData(), SECObjectIdentifiers.secp256r1).getEncoded());
        } catch (IOException e) {
            throw new PkiException("a key cannot be encoded: " + e.getMessage());
        }
    }

    static void write(Path file, PrivateKey key) {
        write(file, pem("PRIVATE KEY", key), PRIVATE);
    }

    static void write(Path file, PublicKey key) {
        write(file, pem("PUBLIC KEY", key), PUBLIC);
    }

    static String pem(X509Certificate c) throws CertificateException {
        return block("CERTIFICATE", c.getEncoded());
    }

    static String pem(String type, Key key) {
        return block(type, key.getEncoded());
    }

    private static String block(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }

    private static void write(Path file, String text, Set<PosixFilePermission> mode) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.deleteIfExists(temporary);
            try (FileChannel out = FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(mode))) {
                out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                out.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PkiException(file + " cannot be written: " + e.getMessage() + "; is the disk full or read-only?");
        }
    }
}
