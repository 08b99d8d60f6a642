package io.manul.apiserver.openapi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A finished answer. Long ones are held compressed and inflated by {@link #body}. Immutable, safe from any thread. */
public final class Document {

    private static final int COMPRESS_FROM_BYTES = 8 << 10;

    private final String contentType;
    private final String etag;
    private final byte[] bytes;
    private final boolean compressed;

    private Document(String contentType, String etag, byte[] bytes, boolean compressed) {
        this.contentType = contentType;
        this.etag = etag;
        this.bytes = bytes;
        this.compressed = compressed;
    }

    static Document of(String contentType, byte[] body) {
        return of(contentType, body, digest(body));
    }

    static Document of(String contentType, byte[] body, String hash) {
        boolean compress = body.length >= COMPRESS_FROM_BYTES;
        return new Document(contentType, '"' + hash + '"', compress ? deflate(body) : body.clone(), compress);
    }

    public String contentType() {
        return contentType;
    }

    /** A strong entity tag in its quotes (RFC 9110, 8.8.3). */
    public String etag() {
        return etag;
    }

    /** The plain bytes, a copy of the caller's own. */
    public byte[] body() {
        return compressed ? inflate(bytes) : bytes.clone();
    }

    /** The bytes for {@code Content-Encoding: gzip}, a copy; empty for short documents, which are sent plain. */
    public Optional<byte[]> gzip() {
        return compressed ? Optional.of(bytes.clone()) : Optional.empty();
    }

    /** What the document costs while it is held. */
    int heldBytes() {
        return bytes.length;
    }

    static String digest(byte[]... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            Arrays.stream(parts).forEach(sha::update);
            return HexFormat.of().withUpperCase().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks SHA-256", e);
        }
    }

    private static byte[] deflate(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 8);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] inflate(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
