package io.manul.network.services;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Short names that are the same for the same thing on every start. Pure. */
final class Names {

    private Names() {
    }

    static String of(String thing) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(thing.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, hash).toString(36).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
