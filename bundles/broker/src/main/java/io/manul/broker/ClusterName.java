package io.manul.broker;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** The cluster's name in topics: eight hex digits that everyone who trusts its server CA can compute. */
final class ClusterName {

    private ClusterName() {
    }

    /** First 32 bits of SHA-256 over the CA's public key (SubjectPublicKeyInfo). */
    static String of(X509Certificate serverCa) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(serverCa.getPublicKey().getEncoded());
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
