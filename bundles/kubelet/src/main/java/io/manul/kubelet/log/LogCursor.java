package io.manul.kubelet.log;

import java.util.Optional;

/**
 * How far a log was sent: what a next version goes on from.
 *
 * @param container id in the runtime
 * @param inode     of the file, which keeps it when it is rotated
 * @param offset    of the first byte not sent
 * @param left      bytes that may still be sent; -1: no limit
 * @param inside    the last piece sent did not end its line
 */
record LogCursor(String container, long inode, long offset, long left, boolean inside) {

    private static final String VERSION = "1";

    /** Empty for a form of another version. @throws IllegalArgumentException for a damaged one of this version */
    static Optional<LogCursor> parse(String text) {
        String[] parts = text.split(";");
        if (!parts[0].equals(VERSION)) {
            return Optional.empty();
        }
        if (parts.length != 6) {
            throw new IllegalArgumentException("damaged log cursor: " + text);
        }
        return Optional.of(new LogCursor(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), Long.parseLong(parts[4]),
                parts[5].equals("i")));
    }

    @Override
    public String toString() {
        return VERSION + ";" + container + ";" + inode + ";" + offset + ";" + left + ";" + (inside ? "i" : "b");
    }

    LogCursor at(long newInode, long newOffset) {
        return new LogCursor(container, newInode, newOffset, left, inside);
    }
}
