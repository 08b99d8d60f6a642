package io.manul.join;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** Certificates as text (RFC 7468). */
final class Pem {

    private Pem() {
    }

    static String text(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate c : chain) {
            try {
                text.append("-----BEGIN CERTIFICATE-----\n").append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(c.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate cannot be encoded: " + e.getMessage(), e);
            }
        }
        return text.toString();
    }
}
