package io.manul.helm.template.lang;

import io.manul.helm.template.go.Text;

/** The text a tree was parsed from, and the name it goes by in messages. */
record Source(String name, String text) {

    /** {@code chart/templates/x.yaml:3:5}: line, and column in bytes. */
    String location(int pos) {
        int lineStart = text.lastIndexOf('\n', pos - 1) + 1;
        long line = 1 + text.substring(0, pos).chars().filter(c -> c == '\n').count();
        return name + ":" + line + ":" + Text.length(text.substring(lineStart, pos));
    }
}
