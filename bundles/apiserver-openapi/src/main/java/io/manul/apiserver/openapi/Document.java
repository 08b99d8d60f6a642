package io.manul.apiserver.openapi;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A finished answer. Long ones are held compressed and inflated by {@link #body}. Immutable, safe from any thread. */
public final class Document {

    /** What is smaller than a quarter of this when compressed is held and sent plain. */
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

    /** Writes the content of a document, part by part. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    /** The entity tag is the digest of the content. */
    static Document of(String contentType, Content content) {
        return of(contentType, "", content);
    }

    /** @param hash the entity tag; empty for the digest of the content */
    static Document of(String contentType, String hash, Content content) {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream(COMPRESS_FROM_BYTES);
        Digest digest = new Digest();
        try (GZIPOutputStream compressed = new GZIPOutputStream(gzip);
                OutputStream out = new DigestOutputStream(new BufferedOutputStream(compressed), digest.sha)) {
            content.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = gzip.toByteArray();
        String etag = '"' + (hash.isEmpty() ? digest.text() : hash) + '"';
        byte[] plain = bytes.length < COMPRESS_FROM_BYTES / 4 ? inflate(bytes) : bytes;
        return new Document(contentType, etag, plain, plain == bytes);
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

    private static byte[] inflate(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
