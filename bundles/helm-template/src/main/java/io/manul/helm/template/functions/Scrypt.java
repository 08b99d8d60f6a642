package io.manul.helm.template.functions;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** scrypt (RFC 7914). */
final class Scrypt {

    private Scrypt() {
    }

    static byte[] key(byte[] password, byte[] salt, int n, int r, int p, int length) throws GeneralSecurityException {
        byte[] blocks = pbkdf2(password, salt, p * 128 * r);
        int[] v = new int[32 * r * n];
        for (int i = 0; i < p; i++) {
            ByteBuffer block = ByteBuffer.wrap(blocks, i * 128 * r, 128 * r).slice().order(ByteOrder.LITTLE_ENDIAN);
            int[] x = new int[32 * r];
            block.asIntBuffer().get(x);
            mix(x, v, n, r);
            block.asIntBuffer().put(x);
        }
        return pbkdf2(password, blocks, length);
    }

    /** One round of PBKDF2 with HMAC-SHA256. */
    private static byte[] pbkdf2(byte[] password, byte[] salt, int length) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA256"));
        ByteBuffer out = ByteBuffer.allocate((length + 31) / 32 * 32);
        for (int i = 1; out.hasRemaining(); i++) {
            mac.update(salt);
            out.put(mac.doFinal(ByteBuffer.allocate(4).putInt(i).array()));
        }
        return java.util.Arrays.copyOf(out.array(), length);
    }

    private static void mix(int[] x, int[] v, int n, int r) {
        int[] y = new int[x.length];
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, 0, v, i * x.length, x.length);
            blockMix(x, y, r);
        }
        for (int i = 0; i < n; i++) {
            int j = (x[(2 * r - 1) * 16] & n - 1) * x.length;
            for (int k = 0; k < x.length; k++) {
                x[k] ^= v[j + k];
            }
            blockMix(x, y, r);
        }
    }

    private static void blockMix(int[] b, int[] y, int r) {
        int[] x = new int[16];
        System.arraycopy(b, (2 * r - 1) * 16, x, 0, 16);
        for (int i = 0; i < 2 * r; i++) {
            for (int k = 0; k < 16; k++) {
                x[k] ^= b[i * 16 + k];
            }
            salsa(x);
            System.arraycopy(x, 0, y, (i / 2 + (i % 2) * r) * 16, 16);
        }
        System.arraycopy(y, 0, b, 0, b.length);
    }

    private static void salsa(int[] b) {
        int[] x = b.clone();
        for (int i = 0; i < 4; i++) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        for (int i = 0; i < 16; i++) {
            b[i] += x[i];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }
}
