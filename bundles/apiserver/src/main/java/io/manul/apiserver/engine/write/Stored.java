package io.manul.apiserver.engine.write;

/** What a write left: the stored bytes and their revision (0 for a dry run), and whether the object is gone. */
public record Stored(byte[] value, long revision, boolean gone) {
}
