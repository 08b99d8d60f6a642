package io.manul.helm.template.lang;

import io.manul.helm.template.go.Text;
import io.manul.helm.template.lang.Token.Kind;
import java.util.Map;

/** Cuts a template's text into tokens, as text/template/parse does; an error is the last token. */
final class Lexer {

    private static final Map<String, Kind> KEYWORDS = Map.ofEntries(Map.entry(".", Kind.DOT), Map.entry("block", Kind.BLOCK),
            Map.entry("break", Kind.BREAK), Map.entry("continue", Kind.CONTINUE), Map.entry("define", Kind.DEFINE),
            Map.entry("else", Kind.ELSE), Map.entry("end", Kind.END), Map.entry("if", Kind.IF), Map.entry("range", Kind.RANGE),
            Map.entry("nil", Kind.NIL), Map.entry("template", Kind.TEMPLATE), Map.entry("with", Kind.WITH));
    private static final int EOF = -1;

    private String input;
    private int pos;
    private int start;
    private int line = 1;
    private int startLine = 1;
    private int parens;
    private boolean inside;
    private boolean atEnd;

    Lexer(String input) {
        this.input = input;
    }

    Token next() {
        while (true) {
            Token t = inside ? insideAction() : text();
            if (t != null) {
                return t;
            }
        }
    }

    // ---- outside actions

    private Token text() {
        int open = input.indexOf("{{", pos);
        if (open < 0) {
            pos = input.length();
            if (pos > start) {
                line += lines(start, pos);
                return item(Kind.TEXT);
            }
            return item(Kind.EOF, "EOF");
        }
        if (open > pos) {
            int end = open;
            if (trimsLeft(open + 2)) {
                while (end > start && space(input.charAt(end - 1))) {
                    end--;
                }
            }
            pos = end;
            line += lines(start, pos);
            Token t = item(Kind.TEXT);
            pos = open;
            ignore();
            if (!t.text().isEmpty()) {
                return t;
            }
        }
        return leftDelim();
    }

    private Token leftDelim() {
        pos += 2;
        int marker = trimsLeft(pos) ? 2 : 0;
        if (input.startsWith("/*", pos + marker)) {
            pos += marker;
            ignore();
            return comment();
        }
        Token t = item(Kind.LEFT_DELIM);
        inside = true;
        pos += marker;
        ignore();
        parens = 0;
        return t;
    }

    private Token comment() {
        int close = input.indexOf("*/", pos + 2);
        if (close < 0) {
            return error("unclosed comment");
        }
        pos = close + 2;
        boolean trim = trimsRight(pos);
        if (!trim && !input.startsWith("}}", pos)) {
            return error("comment ends before closing delimiter");
        }
        pos += trim ? 4 : 2;
        if (trim) {
            skipSpace();
        }
        line += lines(start, pos);
        start = pos;
        startLine = line;
        return null;
    }

    private void skipSpace() {
        while (pos < input.length() && space(input.charAt(pos))) {
            pos++;
        }
    }

    // ---- inside actions

    private Token insideAction() {
        if (trimsRight(pos) || input.startsWith("}}", pos)) {
            return parens == 0 ? rightDelim() : error("unclosed left paren");
        }
        int c = read();
        switch (c) {
            case EOF:
                return error("unclosed action");
            case ' ', '\t', '\r', '\n':
                back(c);
                return spaces();
            case '=':
                return item(Kind.ASSIGN);
            case ':':
                return read() == '=' ? item(Kind.DECLARE) : error("expected :=");
            case '|':
                return item(Kind.PIPE);
            case '"':
                return quoted('"', Kind.STRING, "unterminated quoted string");
            case '\'':
                return quoted('\'', Kind.CHAR_CONSTANT, "unterminated character constant");
            case '`':
                return raw();
            case '$':
                return terminator() ? item(Kind.VARIABLE) : field(Kind.VARIABLE);
            case '.':
                if (pos < input.length() && (input.charAt(pos) < '0' || input.charAt(pos) > '9')) {
                    return field(Kind.FIELD);
                }
                back(c);
                return number();
            case '(':
                parens++;
                return item(Kind.LEFT_PAREN);
            case ')':
                return --parens < 0 ? error("unexpected right paren") : item(Kind.RIGHT_PAREN);
            default:
                return other(c);
        }
    }

    private Token other(int c) {
        if (c == '+' || c == '-' || c >= '0' && c <= '9') {
            back(c);
            return number();
        }
        if (alphanumeric(c)) {
            back(c);
            return identifier();
        }
        return c < 0x80 && Text.printable(c) ? item(Kind.CHAR) : error("unrecognized character in action: " + shown(c));
    }

    private Token rightDelim() {
        boolean trim = trimsRight(pos);
        if (trim) {
            pos += 2;
            ignore();
        }
        pos += 2;
        Token t = item(Kind.RIGHT_DELIM);
        if (trim) {
            skipSpace();
            ignore();
        }
        inside = false;
        return t;
    }

    private Token spaces() {
        int n = 0;
        while (pos < input.length() && space(input.charAt(pos))) {
            if (input.charAt(pos++) == '\n') {
                line++;
            }
            n++;
        }
        if (trimsRight(pos - 1)) {
            pos--;
            if (input.charAt(pos) == '\n') {
                line--;
            }
            if (n == 1) {
                return rightDelim();
            }
        }
        return item(Kind.SPACE);
    }

    private Token identifier() {
        int c;
        do {
            c = read();
        } while (alphanumeric(c));
        back(c);
        String word = input.substring(start, pos);
        if (!terminator()) {
            return error("bad character " + shown(c));
        }
        Kind keyword = KEYWORDS.get(word);
        if (keyword != null) {
            return item(keyword);
        }
        return item(word.equals("true") || word.equals("false") ? Kind.BOOL : Kind.IDENTIFIER);
    }

    private Token field(Kind kind) {
        if (terminator()) {
            return item(kind == Kind.VARIABLE ? Kind.VARIABLE : Kind.DOT);
        }
        int c;
        do {
            c = read();
        } while (alphanumeric(c));
        back(c);
        return terminator() ? item(kind) : error("bad character " + shown(c));
    }

    private boolean terminator() {
        int c = peek();
        return c == EOF || c < 0x80 && (space((char) c) || ".,|:)(".indexOf(c) >= 0) || input.startsWith("}}", pos);
    }

    private Token quoted(char mark, Kind kind, String unterminated) {
        while (true) {
            int c = read();
            if (c == '\\') {
                c = read();
                if (c != EOF && c != '\n') {
                    continue;
                }
            }
            if (c == EOF || c == '\n') {
                return error(unterminated);
            }
            if (c == mark) {
                return item(kind);
            }
        }
    }

    private Token raw() {
        while (true) {
            int c = read();
            if (c == EOF) {
                return error("unterminated raw quoted string");
            }
            if (c == '`') {
                return item(Kind.RAW_STRING);
            }
        }
    }

    private Token number() {
        if (!scanNumber()) {
            return error("bad number syntax: " + Text.quote(input.substring(start, pos)));
        }
        int sign = peek();
        if (sign == '+' || sign == '-') {
            if (!scanNumber() || input.charAt(pos - 1) != 'i') {
                return error("bad number syntax: " + Text.quote(input.substring(start, pos)));
            }
            return item(Kind.COMPLEX);
        }
        return item(Kind.NUMBER);
    }

    private boolean scanNumber() {
        accept("+-");
        String digits = "0123456789_";
        if (accept("0")) {
            if (accept("xX")) {
                digits = "0123456789abcdefABCDEF_";
            } else if (accept("oO")) {
                digits = "01234567_";
            } else if (accept("bB")) {
                digits = "01_";
            }
        }
        acceptRun(digits);
        if (accept(".")) {
            acceptRun(digits);
        }
        if (digits.length() == 11 && accept("eE") || digits.length() == 23 && accept("pP")) {
            accept("+-");
            acceptRun("0123456789_");
        }
        accept("i");
        if (alphanumeric(peek())) {
            read();
            return false;
        }
        return true;
    }

    private boolean accept(String valid) {
        if (pos < input.length() && valid.indexOf(input.charAt(pos)) >= 0) {
            pos++;
            return true;
        }
        atEnd |= pos >= input.length();
        return false;
    }

    private void acceptRun(String valid) {
        while (accept(valid)) {
            // on
        }
    }

    // ---- the cursor

    private int read() {
        if (pos >= input.length()) {
            atEnd = true;
            return EOF;
        }
        int c = input.codePointAt(pos);
        pos += Character.charCount(c);
        if (c == '\n') {
            line++;
        }
        return c;
    }

    private int peek() {
        return pos >= input.length() ? EOF : input.codePointAt(pos);
    }

    private void back(int c) {
        if (c != EOF) {
            pos -= Character.charCount(c);
            if (c == '\n') {
                line--;
            }
        }
    }

    private Token item(Kind kind) {
        return item(kind, input.substring(start, pos));
    }

    private Token item(Kind kind, String text) {
        Token t = new Token(kind, start, text, startLine);
        start = pos;
        startLine = line;
        return t;
    }

    private void ignore() {
        line += lines(start, pos);
        start = pos;
        startLine = line;
    }

    private Token error(String message) {
        Token t = new Token(Kind.ERROR, start, message, startLine);
        start = 0;
        pos = 0;
        input = "";
        inside = false;
        return t;
    }

    private int lines(int from, int to) {
        int n = 0;
        for (int i = from; i < to; i++) {
            if (input.charAt(i) == '\n') {
                n++;
            }
        }
        return n;
    }

    private boolean trimsLeft(int at) {
        return at + 1 < input.length() && input.charAt(at) == '-' && space(input.charAt(at + 1));
    }

    private boolean trimsRight(int at) {
        return at + 1 < input.length() && space(input.charAt(at)) && input.charAt(at + 1) == '-' && input.startsWith("}}", at + 2);
    }

    private static boolean space(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean alphanumeric(int c) {
        return c == '_' || Character.isLetter(c) || Character.isDigit(c);
    }

    private static String shown(int c) {
        if (c == EOF) {
            return "U+FFFFFFFFFFFFFFFF";
        }
        return String.format("U+%04X", c) + (Text.printable(c) ? " '" + Character.toString(c) + "'" : "");
    }
}
