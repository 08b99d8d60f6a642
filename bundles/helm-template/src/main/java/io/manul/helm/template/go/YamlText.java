package io.manul.helm.template.go;

import org.snakeyaml.engine.v2.exceptions.Mark;

/** The text on its way into the parser: what snakeyaml-engine refuses and go-yaml takes. */
final class YamlText {

    private YamlText() {
    }

    static String ready(String text) {
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c < ' ' && c != '\t' && c != '\n' && c != '\r') {
                throw new GoError("error converting YAML to JSON: yaml: control characters are not allowed");
            }
        }
        if (controls(plain)) {
            throw new GoError("error converting YAML to JSON: yaml: control characters are not allowed");
        }
        if (!Text.valid(plain)) {
            throw new GoError("error converting YAML to JSON: yaml: invalid leading UTF-8 octet");
        }
        return plain;
    }

    /** Characters above ASCII's own that go-yaml's reader refuses. */
    static boolean controls(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x7f && c < 0xa0 && c != 0x85 || c >= 0xfffe) {
                return true;
            }
        }
        return false;
    }

    static String restored(String scalar) {
        return scalar;
    }

    /** Whether {@code !!str} or {@code !} stands before the scalar. */
    static boolean tagged(Mark mark) {
        int[] buffer = mark.getBuffer();
        int at = mark.getPointer();
        if (at < buffer.length && buffer[at] == '!') {
            return true;
        }
        while (--at >= 0 && (buffer[at] == ' ' || buffer[at] == '\n')) {
            // back over the gap
        }
        int end = at;
        while (at >= 0 && buffer[at] != ' ' && buffer[at] != '\n') {
            at--;
        }
        return end > at && buffer[at + 1] == '!';
    }
}
