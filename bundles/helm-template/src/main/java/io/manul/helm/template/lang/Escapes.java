package io.manul.helm.template.lang;

import io.manul.helm.template.go.Text;

/** {@code html}, {@code js}, {@code urlquery}. */
final class Escapes {

    private Escapes() {
    }

    static String html(String s) {
        return s.replace("&", "&amp;").replace("\"", "&#34;").replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;")
                .replace("\0", "\ufffd");
    }

    static String js(String s) {
        StringBuilder b = new StringBuilder();
        s.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> b.append("\\\\");
                case '\'' -> b.append("\\'");
                case '"' -> b.append("\\\"");
                case '<', '>', '&', '=' -> b.append(String.format("\\u%04X", c));
                default -> {
                    if (c < ' ' || c >= 0x80 && !Text.printable(c)) {
                        b.append(String.format("\\u%04X", c));
                    } else {
                        b.appendCodePoint(c);
                    }
                }
            }
        });
        return b.toString();
    }

    /** url.QueryEscape. */
    static String query(String s) {
        StringBuilder b = new StringBuilder();
        for (byte x : Text.bytes(s)) {
            int c = x & 0xff;
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) {
                b.append((char) c);
            } else {
                b.append(c == ' ' ? "+" : String.format("%%%02X", c));
            }
        }
        return b.toString();
    }
}
