package io.manul.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A certificate request (RFC 2986): only its key, and that the asker has it, counts. */
final class CertificateRequest {

    private static final int MOST = 16 << 10;
    private static final Pattern PEM = Pattern.compile("-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\\s]+)-----END", Pattern.DOTALL);

    private CertificateRequest() {
    }

    static PublicKey key(String pem) {
        Matcher m = PEM.matcher(pem.length() > MOST ? "" : pem);
        if (!m.find()) {
            throw new IllegalArgumentException("no certificate request in PEM form (at most " + MOST + " characters)");
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(Base64.getMimeDecoder().decode(m.group(1)));
            PublicKey key = request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IllegalArgumentException("the certificate request is not signed by its own key");
            }
            return key;
        } catch (IOException | GeneralSecurityException | PKCSException | OperatorCreationException e) {
            throw new IllegalArgumentException("the certificate request cannot be read: " + e.getMessage(), e);
        }
    }
}
