package io.manul.network.ingress;

import io.manul.json.Obj;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Secret of type kubernetes.io/tls as HAProxy takes it: chain and key in one PEM, known to belong together where the JDK can tell. */
final class Certificates {

    static final String INSTEAD = "its hosts are served with the default certificate";
    /** HAProxy takes what fits into its buffer ({@link Config#BUFFER}). */
    private static final int MOST_BYTES = Config.BUFFER - 1024;
    private static final Pattern PKCS8 = Pattern.compile("-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("-----BEGIN ([A-Z]+ )?PRIVATE KEY-----.+?-----END ([A-Z]+ )?PRIVATE KEY-----", Pattern.DOTALL);

    private Certificates() {
    }

    /** @param wrong told why there is none */
    static Optional<String> pem(Obj secret, Consumer<String> wrong) {
        String what = "TLS secret " + secret.namespace() + "/" + secret.name();
        String certificate;
        String key;
        try {
            certificate = decode(secret, "tls.crt");
            key = decode(secret, "tls.key");
        } catch (IllegalArgumentException e) {
            wrong.accept(what + " is not base64; " + INSTEAD);
            return Optional.empty();
        }
        String trouble = trouble(certificate, key);
        if (!trouble.isEmpty()) {
            wrong.accept(what + " cannot be used: " + trouble + "; " + INSTEAD);
            return Optional.empty();
        }
        // an empty line would end the text on HAProxy's command socket
        return Optional.of((certificate.strip() + "\n" + key.strip() + "\n").replaceAll("\r", "").replaceAll("\n\\s*\n+", "\n"));
    }

    private static String decode(Obj secret, String entry) {
        return new String(Base64.getDecoder().decode(secret.text("data", entry)), StandardCharsets.ISO_8859_1);
    }

    private static String trouble(String certificate, String key) {
        if (certificate.length() + key.length() > MOST_BYTES) {
            return "it is larger than " + MOST_BYTES + " bytes";
        }
        Collection<? extends java.security.cert.Certificate> chain;
        try {
            chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException e) {
            return "tls.crt is no PEM certificate (" + e.getMessage() + ")";
        }
        if (chain.isEmpty()) {
            return "tls.crt holds no certificate";
        }
        if (!KEY.matcher(key).find()) {
            return "tls.key holds no PEM private key";
        }
        Matcher pkcs8 = PKCS8.matcher(key);
        return pkcs8.find() ? mismatch(((X509Certificate) chain.iterator().next()).getPublicKey(), pkcs8.group(1)) : "";
    }

    /** Older key forms are checked by HAProxy only. */
    private static String mismatch(PublicKey known, String base64) {
        try {
            PrivateKey key = KeyFactory.getInstance(known.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
            String algorithm = switch (known.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> known.getAlgorithm();
            };
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(new byte[] {1});
            byte[] signed = signature.sign();
            signature.initVerify(known);
            signature.update(new byte[] {1});
            return signature.verify(signed) ? "" : "tls.key does not belong to the first certificate of tls.crt";
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return "tls.key does not belong to the first certificate of tls.crt (" + e.getMessage() + ")";
        }
    }
}
