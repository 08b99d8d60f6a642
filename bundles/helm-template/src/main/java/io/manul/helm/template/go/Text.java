package io.manul.helm.template.go;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Go's strings are bytes. A Java string stands for them: valid UTF-8 as its text, any other byte {@code b} as the lone surrogate
 * {@code U+DC00 + b}, so that a binary file goes through {@code Files.Get | b64enc} unchanged.
 */
public final class Text {

    private Text() {
    }

    public static String of(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return decode(bytes);
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult r = decoder.decode(in, out, true); r.isError(); r = decoder.decode(in, out, true)) {
            for (int i = 0; i < r.length(); i++) {
                out.put((char) (0xDC00 + (in.get() & 0xff)));
            }
        }
        return out.flip().toString();
    }

    public static byte[] bytes(String text) {
        if (valid(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (escaped(c)) {
                out.write(c - 0xDC00);
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return out.toByteArray();
    }

    private static boolean escaped(int codePoint) {
        return codePoint >= 0xDC00 && codePoint <= 0xDCFF;
    }

    /** Whether the bytes are UTF-8. */
    public static boolean valid(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
            } else if (escaped(c)) {
                return false;
            }
        }
        return true;
    }

    /** Go's {@code len}: bytes. */
    public static int length(String text) {
        int n = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80 || escaped(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
                n++;
            } else if (c < 0x800) {
                n += 2;
            } else if (Character.isSurrogate(c)) {
                n += 2;
            } else {
                n += 3;
            }
        }
        return n;
    }

    public static boolean ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Bytes {@code from} to {@code to}, as Go's {@code s[from:to]}. */
    public static String cut(String text, int from, int to) {
        if (ascii(text)) {
            return text.substring(from, to);
        }
        return of(java.util.Arrays.copyOfRange(bytes(text), from, to));
    }

    /** What Go's unicode.IsPrint says. */
    public static boolean printable(int c) {
        if (c == ' ') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                 Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /** unicode.IsSpace. */
    public static boolean space(int c) {
        return c == ' ' || c >= 0x09 && c <= 0x0d || c == 0x85 || c == 0xa0 || c == 0x1680 || c >= 0x2000 && c <= 0x200a
                || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
    }

    /** strings.TrimSpace. */
    public static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && space(text.charAt(from))) {
            from++;
        }
        while (to > from && space(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** strconv.Quote. */
    public static String quote(String text) {
        return quote(text, '"', false);
    }

    public static String quote(String text, char mark, boolean asciiOnly) {
        StringBuilder b = new StringBuilder(text.length() + 8).append(mark);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            quoteOne(b, c, mark, asciiOnly);
        }
        return b.append(mark).toString();
    }

    private static void quoteOne(StringBuilder b, int c, char mark, boolean asciiOnly) {
        if (escaped(c)) {
            b.append(String.format("\\x%02x", c - 0xDC00));
        } else if (c == mark || c == '\\') {
            b.append('\\').append((char) c);
        } else if (c < 0x80 ? c >= 0x20 && c < 0x7f : !asciiOnly && printable(c)) {
            b.appendCodePoint(c);
        } else {
            b.append(switch (c) {
                case 7 -> "\\a";
                case '\b' -> "\\b";
                case '\f' -> "\\f";
                case '\n' -> "\\n";
                case '\r' -> "\\r";
                case '\t' -> "\\t";
                case 11 -> "\\v";
                default -> c < ' ' || c == 0x7f ? String.format("\\x%02x", c)
                        : c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
            });
        }
    }
}
