package io.manul.join;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.HexFormat;

/** The part of a token that names the cluster's CA (K3S.md 1.7). */
final class CaHash {

    private CaHash() {
    }

    /** {@code K10<hash>::}: of a CA that signs itself, of the PEM file; of one below others, of the root's DER form. */
    static String prefix(String caPem) {
        byte[] pem = caPem.getBytes(StandardCharsets.US_ASCII);
        try {
            Collection<? extends Certificate> all = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            byte[] what = all.size() == 1 ? pem : all.stream().reduce((a, b) -> b).orElseThrow().getEncoded();
            return "K10" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(what)) + "::";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the server's CA cannot be read: " + e.getMessage(), e);
        }
    }
}
