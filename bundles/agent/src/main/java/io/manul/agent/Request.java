package io.manul.agent;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/**
 * A certificate request (RFC 2986) that says nothing but "this key is mine": the server knows what the certificate says.
 */
final class Request {

    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    private static final byte[] VERSION = {0x02, 0x01, 0x00};
    private static final byte[] NO_NAME = {SEQUENCE, 0x00};
    private static final byte[] NO_ATTRIBUTES = {(byte) 0xa0, 0x00};
    /** ecdsa-with-SHA256, RFC 5758 section 3.2. */
    private static final byte[] ALGORITHM = {SEQUENCE, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02};

    private Request() {
    }

    static String pem(PublicKey key, PrivateKey by) throws GeneralSecurityException {
        byte[] info = element(SEQUENCE, VERSION, NO_NAME, key.getEncoded(), NO_ATTRIBUTES);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(by);
        signature.update(info);
        return Pem.text("CERTIFICATE REQUEST", element(SEQUENCE, info, ALGORITHM, element(BIT_STRING, new byte[] {0}, signature.sign())));
    }

    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] p : parts) {
            body.writeBytes(p);
        }
        int length = body.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length & 0xff);
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }
}
