package io.manul.helm.template.functions;

import io.manul.helm.template.go.GoError;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.DSAPrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** Private keys in the PEM forms that Sprig writes: PKCS 1 (RSA), SEC 1 (EC), OpenSSL's (DSA), PKCS 8 (Ed25519). */
final class Keys {

    private static final String EC = "1.2.840.10045.2.1";
    private static final String RSA = "1.2.840.113549.1.1.1";

    private Keys() {
    }

    static String generate(String type) {
        try {
            return switch (type) {
                case "", "rsa" -> pem(pair("RSA", 4096));
                case "dsa" -> pem(pair("DSA", 2048));
                case "ecdsa" -> pem(ec());
                case "ed25519" -> pem(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
                default -> "Unknown type " + type;
            };
        } catch (GeneralSecurityException e) {
            return "failed to generate private key: " + e.getMessage();
        }
    }

    static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator g = KeyPairGenerator.getInstance(algorithm);
            g.initialize(bits);
            return g.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new GoError("error generating rsa key: " + e.getMessage());
        }
    }

    private static KeyPair ec() throws GeneralSecurityException {
        KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
        g.initialize(new ECGenParameterSpec("secp256r1"));
        return g.generateKeyPair();
    }

    static String pem(KeyPair pair) {
        byte[] inner = Der.content(Der.elements(pair.getPrivate().getEncoded()).get(2));
        return switch (pair.getPrivate()) {
            case RSAPrivateCrtKey k -> new Pem("RSA PRIVATE KEY", inner).encode();
            case ECPrivateKey k -> new Pem("EC PRIVATE KEY", sec1(pair, inner)).encode();
            case DSAPrivateKey k -> new Pem("DSA PRIVATE KEY", Der.sequence(Der.integer(0), Der.integer(k.getParams().getP()),
                    Der.integer(k.getParams().getQ()), Der.integer(k.getParams().getG()),
                    Der.integer(k.getParams().getG().modPow(k.getX(), k.getParams().getP())), Der.integer(k.getX()))).encode();
            default -> new Pem("PRIVATE KEY", pair.getPrivate().getEncoded()).encode();
        };
    }

    /** With the curve and the public point, as Go writes it. */
    private static byte[] sec1(KeyPair pair, byte[] inner) {
        byte[] secret = Der.content(Der.elements(inner).get(1));
        List<byte[]> spki = Der.elements(pair.getPublic().getEncoded());
        byte[] algorithm = rebuilt(spki.get(0));
        byte[] curve = Der.elements(algorithm).get(1);
        byte[] point = Der.content(spki.get(1));
        return Der.sequence(Der.integer(1), Der.octets(secret), Der.tagged(0xa0, Der.tagged(0x06, Der.content(curve))),
                Der.tagged(0xa1, Der.tagged(0x03, point)));
    }

    private static byte[] rebuilt(byte[] element) {
        return Der.tagged(element[0] & 0xff, Der.content(element));
    }

    /** @throws GoError in Sprig's words */
    static KeyPair parse(String text) {
        Pem pem = Pem.decode(text);
        if (pem == null) {
            throw new GoError("no PEM data in input");
        }
        try {
            return switch (pem.type()) {
                case "PRIVATE KEY" -> pkcs8(pem.data());
                case "RSA PRIVATE KEY" -> pkcs8(Der.sequence(Der.integer(0), Der.sequence(Der.oid(RSA), Der.none()), Der.octets(pem.data())));
                case "EC PRIVATE KEY" -> ec(pem.data());
                default -> throw new GoError(pem.type().endsWith(" PRIVATE KEY")
                        ? "invalid private key type " + pem.type().substring(0, pem.type().length() - 12)
                        : "no private key data in PEM block of type " + pem.type());
            };
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new GoError("parsing private key from PEM: " + e.getMessage());
        }
    }

    private static KeyPair ec(byte[] sec1) throws GeneralSecurityException {
        List<byte[]> e = Der.elements(sec1);
        byte[] curve = null;
        byte[] point = null;
        for (byte[] x : e) {
            if ((x[0] & 0xff) == 0xa0) {
                curve = Der.content(x);
            } else if ((x[0] & 0xff) == 0xa1) {
                point = Der.content(x);
            }
        }
        if (curve == null || point == null) {
            throw new GoError("parsing EC private key from PEM: x509: failed to parse EC private key");
        }
        byte[] algorithm = Der.sequence(Der.oid(EC), curve);
        PrivateKey secret = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Der.sequence(Der.integer(0), algorithm,
                Der.octets(sec1))));
        return new KeyPair(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(Der.sequence(algorithm, point))), secret);
    }

    private static KeyPair pkcs8(byte[] data) throws GeneralSecurityException {
        byte[] oid = Der.tagged(0x06, Der.content(Der.elements(rebuilt(Der.elements(data).get(1))).getFirst()));
        if (Arrays.equals(oid, Der.oid(RSA))) {
            KeyFactory f = KeyFactory.getInstance("RSA");
            RSAPrivateCrtKey k = (RSAPrivateCrtKey) f.generatePrivate(new PKCS8EncodedKeySpec(data));
            return new KeyPair(f.generatePublic(new RSAPublicKeySpec(k.getModulus(), k.getPublicExponent())), k);
        }
        if (Arrays.equals(oid, Der.oid(EC))) {
            byte[] curve = Der.elements(rebuilt(Der.elements(data).get(1))).get(1);
            byte[] inner = Der.content(Der.elements(data).get(2));
            byte[] point = Der.elements(inner).stream().filter(x -> (x[0] & 0xff) == 0xa1).findFirst().map(Der::content)
                    .orElseThrow(() -> new GoError("decoding PEM as PKCS#8: x509: failed to parse EC private key"));
            byte[] algorithm = Der.sequence(Der.oid(EC), Der.tagged(0x06, Der.content(curve)));
            KeyFactory f = KeyFactory.getInstance("EC");
            PublicKey open = f.generatePublic(new X509EncodedKeySpec(Der.sequence(algorithm, point)));
            return new KeyPair(open, f.generatePrivate(new PKCS8EncodedKeySpec(data)));
        }
        throw new GoError("decoding PEM as PKCS#8: x509: PKCS#8 wrapping contained private key with unsupported algorithm");
    }

    static BigInteger serial(java.util.random.RandomGenerator random) {
        byte[] b = new byte[16];
        random.nextBytes(b);
        return new BigInteger(1, b);
    }
}
