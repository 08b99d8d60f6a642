package io.manul.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Which public key belongs to a private one. */
final class Keys {

    private Keys() {
    }

    /** @param file that the key came from, for messages */
    static PublicKey publicKey(PrivateKey key, Path file) {
        try {
            if (key instanceof RSAPrivateCrtKey rsa) {
                return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            }
            if (PrivateKeyFactory.createKey(key.getEncoded()) instanceof ECPrivateKeyParameters ec) {
                ECPublicKeyParameters point = new ECPublicKeyParameters(
                        new FixedPointCombMultiplier().multiply(ec.getParameters().getG(), ec.getD()), ec.getParameters());
                return KeyFactory.getInstance("EC").generatePublic(
                        new X509EncodedKeySpec(SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(point).getEncoded()));
            }
            throw new PkiException(file + " is neither an RSA nor an EC key; restore it from a backup");
        } catch (GeneralSecurityException | IOException | IllegalArgumentException | IllegalStateException e) {
            throw new PkiException(file + " cannot be used: " + e.getMessage() + "; restore it from a backup");
        }
    }

    static String algorithm(PrivateKey key) {
        return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    /** Refuses a key and a certificate that do not belong together. */
    static void match(PrivateKey key, X509Certificate certificate, Path keyFile, Path crtFile) {
        String why = "";
        try {
            Signature s = Signature.getInstance(algorithm(key));
            s.initSign(key);
            s.update(new byte[] {1});
            byte[] signed = s.sign();
            s.initVerify(certificate.getPublicKey());
            s.update(new byte[] {1});
            if (s.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            why = " (" + e.getMessage() + ")";
        }
        throw new PkiException(keyFile + " is not the key of " + crtFile + why + "; restore the pair that belongs together from a backup");
    }
}
