package io.manul.schema.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The files beside the door. */
final class Tables {
    private Tables() {
    }

    static byte[] bytes(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("The schema bundle lacks its table " + name
                + ": the jar is damaged. Build bundles/schema again."));
    }

    static Optional<byte[]> find(String name) {
        try (InputStream in = Tables.class.getResourceAsStream("/io/manul/schema/" + name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("Table " + name + " of the schema bundle cannot be read", e);
        }
    }

    /** SHA-256 over the tables that are there, in hexadecimal. */
    static String digest(String... names) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String name : names) {
                find(name).ifPresent(sha::update);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks SHA-256", e);
        }
    }

    /** {@code a,b}; a dash or nothing is the empty list. */
    static List<String> words(String text) {
        return text.isEmpty() || text.equals("-") ? List.of() : List.of(text.split(","));
    }
}
