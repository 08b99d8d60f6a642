package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.go.UInt;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Passwords and ciphers. */
final class Crypto {

    private static final Map<String, String[]> TEMPLATES = Map.of(
            "maximum", new String[] {"anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"},
            "long", ("CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv CvcvCvccnoCvcv "
                    + "CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc "
                    + "CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno").split(" "),
            "medium", new String[] {"CvcnoCvc", "CvcCvcno"}, "short", new String[] {"Cvcn"},
            "basic", new String[] {"aaanaaan", "aannaaan", "aaannaaa"}, "pin", new String[] {"nnnn"});
    private static final Map<Character, String> CHARACTERS = Map.of('V', "AEIOU", 'C', "BCDFGHJKLMNPQRSTVWXYZ", 'v', "aeiou",
            'c', "bcdfghjklmnpqrstvwxyz", 'A', "AEIOUBCDFGHJKLMNPQRSTVWXYZ", 'a', "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
            'n', "0123456789", 'o', "@&%?,=[]_:-+*$#!'^~;()/.",
            'x', "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()");
    private static final String SEED = "com.lyndir.masterpassword";

    private Crypto() {
    }

    static void add(Table t, RandomGenerator random) {
        t.add("genPrivateKey", "string", a -> Keys.generate(text(a, 0)));
        t.add("bcrypt", "string", a -> bcrypt(text(a, 0), random));
        t.add("htpasswd", "string,string", a -> text(a, 0).contains(":") ? "invalid username: " + a[0]
                : a[0] + ":" + bcrypt(text(a, 1), random));
        t.add("derivePassword", "uint32,string,string,string,string", Crypto::derive);
        t.add("encryptAES", "string,string", a -> encrypt(text(a, 0), text(a, 1), random));
        t.add("decryptAES", "string,string", a -> decrypt(text(a, 0), text(a, 1)));
    }

    private static String bcrypt(String password, RandomGenerator random) {
        byte[] bytes = Text.bytes(password);
        if (bytes.length > 72) {
            return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
        }
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        return Bcrypt.hash(bytes, salt, 10);
    }

    private static byte[] key(String password) {
        return Arrays.copyOf(Text.bytes(password), 32);
    }

    private static String encrypt(String password, String text, RandomGenerator random) {
        if (text.isEmpty()) {
            return "";
        }
        try {
            byte[] iv = new byte[16];
            random.nextBytes(iv);
            Cipher c = Cipher.getInstance("AES/CBC/PKCS5Padding");
            c.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key(password), "AES"), new IvParameterSpec(iv));
            byte[] body = c.doFinal(Text.bytes(text));
            return Base64.getEncoder().encodeToString(ByteBuffer.allocate(16 + body.length).put(iv).put(body).array());
        } catch (GeneralSecurityException e) {
            throw new GoError(e.getMessage());
        }
    }

    private static String decrypt(String password, String text) {
        if (text.isEmpty()) {
            return "";
        }
        byte[] all;
        try {
            all = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new GoError(Bases.base64(text));
        }
        if (all.length < 32) {
            throw new GoError("runtime error: slice bounds out of range [:16] with capacity " + all.length);
        }
        if (all.length % 16 != 0) {
            throw new GoError("crypto/cipher: input not full blocks");
        }
        try {
            Cipher c = Cipher.getInstance("AES/CBC/NoPadding");
            c.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key(password), "AES"), new IvParameterSpec(all, 0, 16));
            byte[] plain = c.doFinal(all, 16, all.length - 16);
            int pad = plain[plain.length - 1] & 0xff;
            if (pad > plain.length) {
                throw new GoError("runtime error: slice bounds out of range [:" + (plain.length - pad) + "]");
            }
            return Text.of(Arrays.copyOf(plain, plain.length - pad));
        } catch (GeneralSecurityException e) {
            throw new GoError(e.getMessage());
        }
    }

    /** masterpassword.app, as Sprig has it. */
    private static String derive(Object[] a) {
        String[] templates = TEMPLATES.get(text(a, 1));
        if (templates == null) {
            return "cannot find password template " + a[1];
        }
        byte[] user = Text.bytes(text(a, 3));
        byte[] site = Text.bytes(text(a, 4));
        byte[] salt = ByteBuffer.allocate(SEED.length() + 4 + user.length).put(SEED.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .putInt(user.length).put(user).array();
        try {
            byte[] key = Scrypt.key(Text.bytes(text(a, 2)), salt, 32768, 8, 2, 64);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] seed = mac.doFinal(ByteBuffer.allocate(SEED.length() + 8 + site.length)
                    .put(SEED.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).putInt(site.length).put(site)
                    .putInt((int) ((UInt) a[0]).bits()).array());
            String template = templates[(seed[0] & 0xff) % templates.length];
            StringBuilder b = new StringBuilder();
            for (int i = 0; i < template.length(); i++) {
                String from = CHARACTERS.get(template.charAt(i));
                b.append(from.charAt((seed[i + 1] & 0xff) % from.length()));
            }
            return b.toString();
        } catch (GeneralSecurityException e) {
            return "failed to derive password: " + e.getMessage();
        }
    }
}
