package io.manul.cri.oci;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A tar in memory: POSIX.1-1988 ustar, owner root, time 0, so that the same content gives the same bytes. */
final class Tar {

    private static final int BLOCK = 512;
    private static final int NAME_LIMIT = 100;
    private static final int PREFIX_LIMIT = 155;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void directory(String path, int mode) {
        entry(path.endsWith("/") ? path : path + "/", mode, '5', "", new byte[0]);
    }

    void file(String path, int mode, byte[] content) {
        entry(path, mode, '0', "", content);
    }

    void symbolicLink(String path, String target) {
        entry(path, 0777, '2', target, new byte[0]);
    }

    /** @param target an entry before this one, by its path in the archive */
    void hardLink(String path, String target) {
        entry(path, 0755, '1', target, new byte[0]);
    }

    byte[] bytes() {
        byte[] content = out.toByteArray();
        byte[] whole = new byte[content.length + 2 * BLOCK];
        System.arraycopy(content, 0, whole, 0, content.length);
        return whole;
    }

    private void entry(String path, int mode, char type, String link, byte[] content) {
        byte[] header = new byte[BLOCK];
        int cut = cut(path);
        text(header, 0, NAME_LIMIT, path.substring(cut == 0 ? 0 : cut + 1));
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, content.length);
        octal(header, 136, 12, 0);
        header[156] = (byte) type;
        text(header, 157, NAME_LIMIT, link);
        text(header, 257, 6, "ustar");
        text(header, 263, 2, "00");
        text(header, 345, PREFIX_LIMIT, path.substring(0, cut));
        checksum(header);
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    /** Where a long path is split into prefix and name; 0 when it is short. */
    private static int cut(String path) {
        if (path.length() <= NAME_LIMIT) {
            return 0;
        }
        int at = path.indexOf('/', path.length() - NAME_LIMIT - 1);
        return at < 0 ? 0 : at;
    }

    private static void text(byte[] header, int at, int limit, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > limit) {
            throw new IllegalArgumentException("too long for a tar entry (" + limit + " bytes): " + text);
        }
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static void octal(byte[] header, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        text(header, at, length - 1, "0".repeat(length - 1 - digits.length()) + digits);
    }

    private static void checksum(byte[] header) {
        java.util.Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 7, sum);
        header[154] = 0;
    }
}
