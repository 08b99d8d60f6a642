package io.manul.helm.template.go;

import io.manul.json.JsonException;

/** Finds the first byte that Go's scanner would refuse, and says so in its words. */
final class JsonErrors {

    private final String text;
    private int at;
    private int depth;

    private JsonErrors(String text) {
        this.text = text;
    }

    static String why(String text, JsonException e) {
        JsonErrors scan = new JsonErrors(text);
        try {
            scan.value();
            scan.blank();
            if (scan.at < text.length()) {
                return scan.character("after top-level value");
            }
        } catch (GoError refused) {
            return refused.getMessage();
        }
        return e.getMessage();
    }

    private void blank() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private int peek() {
        if (at >= text.length()) {
            throw new GoError("unexpected end of JSON input");
        }
        return text.codePointAt(at);
    }

    private String character(String context) {
        int c = text.codePointAt(at);
        String quoted = c == '\'' ? "'\\''" : c == '"' ? "'\"'" : Text.quote(Character.toString(c), '\'', false);
        return "invalid character " + quoted + " " + context;
    }

    private void value() {
        blank();
        int c = peek();
        if (++depth > 10_000) {
            throw new GoError("exceeded max depth");
        }
        switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> {
                if (c == '-' || c >= '0' && c <= '9') {
                    number();
                } else {
                    throw new GoError(character("looking for beginning of value"));
                }
            }
        }
        depth--;
    }

    private void object() {
        at++;
        blank();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            blank();
            if (peek() != '"') {
                throw new GoError(character("looking for beginning of object key string"));
            }
            string();
            blank();
            if (peek() != ':') {
                throw new GoError(character("after object key"));
            }
            at++;
            value();
            blank();
            int c = peek();
            if (c == '}') {
                at++;
                return;
            }
            if (c != ',') {
                throw new GoError(character("after object key:value pair"));
            }
            at++;
        }
    }

    private void array() {
        at++;
        blank();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            value();
            blank();
            int c = peek();
            if (c == ']') {
                at++;
                return;
            }
            if (c != ',') {
                throw new GoError(character("after array element"));
            }
            at++;
        }
    }

    private void string() {
        at++;
        while (true) {
            int c = peek();
            if (c == '"') {
                at++;
                return;
            }
            if (c < ' ') {
                throw new GoError(character("in string literal"));
            }
            at += Character.charCount(c);
            if (c == '\\') {
                int escape = peek();
                if (escape == 'u') {
                    at++;
                    for (int i = 0; i < 4; i++, at++) {
                        if (Character.digit(peek(), 16) < 0) {
                            throw new GoError(character("in \\u hexadecimal character escape"));
                        }
                    }
                } else if ("bfnrt\\/\"".indexOf(escape) < 0) {
                    throw new GoError(character("in string escape code"));
                } else {
                    at++;
                }
            }
        }
    }

    private void word(String word) {
        at++;
        for (int i = 1; i < word.length(); i++, at++) {
            if (peek() != word.charAt(i)) {
                throw new GoError(character("in literal " + word + " (expecting '" + word.charAt(i) + "')"));
            }
        }
    }

    private void number() {
        if (peek() == '-') {
            at++;
            if (peek() < '0' || peek() > '9') {
                throw new GoError(character("in numeric literal"));
            }
        }
        boolean zero = peek() == '0';
        at++;
        if (!zero) {
            digits();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            need("after decimal point in numeric literal");
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            need("in exponent of numeric literal");
            digits();
        }
    }

    private void need(String context) {
        if (peek() < '0' || peek() > '9') {
            throw new GoError(character(context));
        }
    }

    private void digits() {
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
    }
}
