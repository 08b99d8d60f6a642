package io.manul.helm.template.lang;

import io.manul.helm.template.go.Text;

/** A piece of a template's text. */
record Token(Kind kind, int pos, String text, int line) {

    enum Kind {
        ERROR, BOOL, CHAR, CHAR_CONSTANT, COMPLEX, ASSIGN, DECLARE, EOF, FIELD, IDENTIFIER, LEFT_DELIM, LEFT_PAREN, NUMBER, PIPE,
        RAW_STRING, RIGHT_DELIM, RIGHT_PAREN, SPACE, STRING, TEXT, VARIABLE,
        BLOCK, BREAK, CONTINUE, DOT, DEFINE, ELSE, END, IF, NIL, RANGE, TEMPLATE, WITH;

        boolean keyword() {
            return ordinal() > VARIABLE.ordinal();
        }
    }

    /** As error messages show it. */
    String shown() {
        if (kind == Kind.EOF) {
            return "EOF";
        }
        if (kind == Kind.ERROR) {
            return text;
        }
        if (kind.keyword()) {
            return "<" + text + ">";
        }
        if (Text.length(text) > 10) {
            String cut = text.codePointCount(0, text.length()) > 10 ? text.substring(0, text.offsetByCodePoints(0, 10)) : text;
            return Text.quote(cut) + "...";
        }
        return Text.quote(text);
    }
}
