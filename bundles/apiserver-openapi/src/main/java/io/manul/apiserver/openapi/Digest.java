package io.manul.apiserver.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A SHA-256 in the making. */
final class Digest {

    /** What decides how a document looks; a change to any of them is a new hash. */
    private static final List<Class<?>> GENERATORS = List.of(OpenApiV3.class, Definitions.class, CustomDefinitions.class,
            Operations.class, Operation.class, Parameters.class, Dialect.class, Api.class);

    final MessageDigest sha;

    Digest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks SHA-256", e);
        }
    }

    Digest add(byte[] bytes) {
        sha.update(bytes);
        return this;
    }

    Digest add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds the code that makes documents, so that another version of this room gives other hashes. */
    Digest addGenerators() {
        for (Class<?> type : GENERATORS) {
            try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
                if (in == null) {
                    throw new IllegalStateException("the bundle lacks " + type.getName() + ": the jar is damaged");
                }
                add(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("class " + type.getName() + " cannot be read from its bundle", e);
            }
        }
        return this;
    }

    String text() {
        return HexFormat.of().withUpperCase().formatHex(sha.digest());
    }
}
