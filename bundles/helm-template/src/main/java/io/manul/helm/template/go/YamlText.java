package io.manul.helm.template.go;

import org.snakeyaml.engine.v2.exceptions.Mark;

/** The text on its way into the parser: what snakeyaml-engine refuses and go-yaml takes. */
final class YamlText {

    private YamlText() {
    }

    static String ready(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
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
