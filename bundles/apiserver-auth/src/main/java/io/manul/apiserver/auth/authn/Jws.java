package io.manul.apiserver.auth.authn;

import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;

/** JSON Web Signatures, compact form, RS256 (RFC 7515, RFC 7518): what service-account tokens are. */
public final class Jws {

    private static final int MOST_CHARS = 16 << 10;
    private static final Base64.Encoder ENCODE = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODE = Base64.getUrlDecoder();

    private Jws() {
    }

    public static String sign(KeyPair key, Obj claims) {
        Obj header = Obj.of("alg", "RS256", "kid", keyId(key.getPublic()));
        String signed = ENCODE.encodeToString(header.bytes()) + "." + ENCODE.encodeToString(claims.bytes());
        try {
            Signature s = Signature.getInstance("SHA256withRSA");
            s.initSign(key.getPrivate());
            s.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + ENCODE.encodeToString(s.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the service-account key cannot sign", e);
        }
    }

    /** The claims of a token with a good signature; empty for anything else. */
    public static Optional<Obj> verify(PublicKey key, String token) {
        String[] parts = token.length() > MOST_CHARS ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            Obj header = Obj.parse(DECODE.decode(parts[0]));
            if (!header.text("alg").equals("RS256") || header.map().containsKey("crit")) { // no extension is understood here
                return Optional.empty();
            }
            Signature s = Signature.getInstance("SHA256withRSA");
            s.initVerify(key);
            s.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return s.verify(DECODE.decode(parts[2])) ? Optional.of(Obj.parse(DECODE.decode(parts[1]))) : Optional.empty();
        } catch (GeneralSecurityException | JsonException | IllegalArgumentException e) {
            return Optional.empty(); // not a token of ours: 401 is the whole answer
        }
    }

    /** As upstream: base64url of the SHA-256 of the public key's DER. */
    static String keyId(PublicKey key) {
        try {
            return ENCODE.encodeToString(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code /openid/v1/jwks}. */
    public static Obj keySet(PublicKey key) {
        RSAPublicKey rsa = (RSAPublicKey) key;
        return Obj.of("keys", java.util.List.of(Obj.of("use", "sig", "kty", "RSA", "kid", keyId(key), "alg", "RS256",
                "n", ENCODE.encodeToString(unsigned(rsa.getModulus().toByteArray())),
                "e", ENCODE.encodeToString(unsigned(rsa.getPublicExponent().toByteArray())))));
    }

    private static byte[] unsigned(byte[] b) {
        return b.length > 1 && b[0] == 0 ? java.util.Arrays.copyOfRange(b, 1, b.length) : b;
    }
}
