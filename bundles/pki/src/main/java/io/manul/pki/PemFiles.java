package io.manul.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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

    private static final int MOST_BYTES = 1 << 20;

    private PemFiles() {
    }

    /** Keys and chains are small; a larger file is something else. */
    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] all = in.readNBytes(MOST_BYTES + 1);
            if (all.length > MOST_BYTES) {
                throw new IOException("it is larger than " + MOST_BYTES + " bytes");
            }
            return all;
        }
    }

    static List<X509Certificate> certificates(Path file) {
        try {
            Collection<? extends java.security.cert.Certificate> all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(read(file)));
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
        try (PEMParser parser = new PEMParser(new InputStreamReader(new ByteArrayInputStream(read(file)), StandardCharsets.US_ASCII))) {
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
        } catch (PkiException e) {
            throw e;
        } catch (PEMException | GeneralSecurityException | RuntimeException e) { // its decoders throw the last for damaged bytes
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
        write(file, pem(chain), PUBLIC);
    }

    static void write(Path file, PrivateKey key) {
        write(file, pem("PRIVATE KEY", key), PRIVATE);
    }

    static String pem(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate c : chain) {
            try {
                text.append(block("CERTIFICATE", c.getEncoded()));
            } catch (CertificateException e) {
                throw new PkiException("the certificate of " + c.getSubjectX500Principal().getName() + " cannot be encoded: " + e.getMessage());
            }
        }
        return text.toString();
    }

    /** A P-256 key in the older form {@code EC PRIVATE KEY} (SEC 1, RFC 5915), which every Kubernetes client reads; others as they are. */
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

    static String pem(String type, Key key) {
        return block(type, key.getEncoded());
    }

    private static String block(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }

    /** The old content or the new one stands there, whenever the power goes: file and folder are on the disk on return. */
    static void write(Path file, String text, Set<PosixFilePermission> mode) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Path parent = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.deleteIfExists(temporary);
            try (FileChannel out = FileChannel.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PRIVATE))) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                Files.setPosixFilePermissions(temporary, mode);
                out.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            throw new PkiException(file + " cannot be written: " + e.getMessage() + "; is the disk full or read-only?");
        }
    }
}
