package io.manul.helm.template.lang;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** strconv.Unquote: double-quoted, raw, and character constants. */
final class Quotes {

    private final String text;
    private final char mark;
    private int at = 1;

    private Quotes(String text) {
        this.text = text;
        this.mark = text.charAt(0);
    }

    static String string(String quoted) {
        if (quoted.charAt(0) == '`') {
            return quoted.substring(1, quoted.length() - 1).replace("\r", "");
        }
        if (quoted.indexOf('\\') < 0) {
            return quoted.substring(1, quoted.length() - 1);
        }
        Quotes q = new Quotes(quoted);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (q.at < quoted.length() - 1) {
            q.one(out);
        }
        return Text.of(out.toByteArray());
    }

    static long character(String quoted) {
        Quotes q = new Quotes(quoted);
        if (q.text.charAt(1) == '\'') {
            throw new GoError("invalid syntax");
        }
        long c = q.one(new ByteArrayOutputStream());
        if (q.at != quoted.length() - 1) {
            throw new GoError("malformed character constant: " + quoted);
        }
        return c;
    }

    private long one(ByteArrayOutputStream out) {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        if (c != '\\') {
            out.writeBytes(Text.bytes(Character.toString(c)));
            return c;
        }
        char e = text.charAt(at++);
        return switch (e) {
            case 'a' -> put(out, 7);
            case 'b' -> put(out, '\b');
            case 'f' -> put(out, '\f');
            case 'n' -> put(out, '\n');
            case 'r' -> put(out, '\r');
            case 't' -> put(out, '\t');
            case 'v' -> put(out, 11);
            case '\\' -> put(out, '\\');
            case 'x' -> put(out, (int) digits(2, 16));
            case 'u' -> rune(out, digits(4, 16));
            case 'U' -> rune(out, digits(8, 16));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                long octal = digits(3, 8);
                if (octal > 255) {
                    throw new GoError("invalid syntax");
                }
                yield put(out, (int) octal);
            }
            case '\'', '"' -> {
                if (e != mark) {
                    throw new GoError("invalid syntax");
                }
                yield put(out, e);
            }
            default -> throw new GoError("invalid syntax");
        };
    }

    private static long put(ByteArrayOutputStream out, int b) {
        out.write(b);
        return b;
    }

    private static long rune(ByteArrayOutputStream out, long c) {
        if (c > 0x10ffff || c >= 0xd800 && c <= 0xdfff) {
            throw new GoError("invalid syntax");
        }
        out.writeBytes(Character.toString((int) c).getBytes(StandardCharsets.UTF_8));
        return c;
    }

    private long digits(int n, int base) {
        long v = 0;
        for (int i = 0; i < n; i++, at++) {
            int d = at < text.length() - 1 ? Character.digit(text.charAt(at), base) : -1;
            if (d < 0) {
                throw new GoError("invalid syntax");
            }
            v = v * base + d;
        }
        return v;
    }
}
