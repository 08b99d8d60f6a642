package io.manul.helm.template.functions;

import io.manul.helm.template.go.Text;

/** snakecase, kebabcase and camelcase: the words of a name, by the rules of the library that Sprig uses (huandu/xstrings). */
final class WordCase {

    private enum Kind { NONE, NUMBER, UPPER, LETTERS, CONNECTOR, PUNCTUATION, OTHER }

    private final int[] text;
    private final int connector;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private Kind kind;
    private int from;
    private int to;

    private WordCase(String s, char connector) {
        this.text = s.codePoints().toArray();
        this.connector = connector;
    }

    static boolean connects(int c) {
        return c == '-' || c == '_' || Text.space(c);
    }

    private static boolean punctuation(int c) {
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION, Character.END_PUNCTUATION,
                 Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static boolean number(int c) {
        int t = Character.getType(c);
        return t == Character.DECIMAL_DIGIT_NUMBER || t == Character.LETTER_NUMBER || t == Character.OTHER_NUMBER;
    }

    private void next() {
        from = at;
        if (at >= text.length) {
            kind = Kind.NONE;
            to = at;
            return;
        }
        int c = text[at++];
        if (connects(c)) {
            kind = Kind.CONNECTOR;
            run(WordCase::connects);
        } else if (punctuation(c)) {
            kind = Kind.PUNCTUATION;
            run(WordCase::punctuation);
        } else if (Character.isUpperCase(c)) {
            kind = Kind.UPPER;
            upper();
        } else if (Character.isLetter(c)) {
            kind = Kind.LETTERS;
            run(x -> Character.isLetter(x) && !Character.isUpperCase(x));
        } else if (number(c)) {
            kind = Kind.NUMBER;
            run(WordCase::number);
        } else {
            kind = Kind.OTHER;
            run(x -> !connects(x) && !Character.isLetter(x) && !number(x) && !punctuation(x));
        }
        to = at;
    }

    private void upper() {
        if (at < text.length && Character.isUpperCase(text[at])) {
            run(Character::isUpperCase);
            if (at < text.length && Character.isLetter(text[at])) {
                at--;
            }
        } else {
            run(x -> Character.isLetter(x) && !Character.isUpperCase(x));
        }
    }

    private void run(java.util.function.IntPredicate more) {
        while (at < text.length && more.test(text[at])) {
            at++;
        }
    }

    private void write(Kind k, int start, int end) {
        for (int i = start; i < end; i++) {
            int c = text[i];
            if (k != Kind.UPPER && k != Kind.CONNECTOR) {
                out.appendCodePoint(c);
            } else {
                out.appendCodePoint(connects(c) ? connector : Character.toLowerCase(c));
            }
        }
    }

    static String lower(String s, char connector) {
        return s.isEmpty() ? "" : new WordCase(s, connector).lower();
    }

    private String lower() {
        next();
        while (at < text.length) {
            if (kind != Kind.CONNECTOR) {
                write(kind, from, to);
            }
            Kind before = kind;
            int lastFrom = from;
            int lastTo = to;
            next();
            switch (before) {
                case NUMBER -> {
                    letters();
                    if (kind != Kind.NONE && kind != Kind.PUNCTUATION && kind != Kind.CONNECTOR) {
                        out.appendCodePoint(connector);
                    }
                }
                case CONNECTOR -> write(before, lastFrom, lastTo);
                case PUNCTUATION -> {
                }
                default -> afterWord();
            }
        }
        write(kind, from, to);
        return out.toString();
    }

    private void letters() {
        while (kind == Kind.LETTERS || kind == Kind.NUMBER) {
            write(kind, from, to);
            next();
        }
    }

    private void afterWord() {
        if (kind != Kind.NUMBER) {
            if (kind != Kind.CONNECTOR && kind != Kind.PUNCTUATION) {
                out.appendCodePoint(connector);
            }
            return;
        }
        if (at >= text.length) {
            return;
        }
        int lastFrom = from;
        int lastTo = to;
        next();
        if (kind != Kind.LETTERS) {
            write(Kind.NUMBER, lastFrom, lastTo);
            if (kind != Kind.CONNECTOR && kind != Kind.PUNCTUATION) {
                out.appendCodePoint(connector);
            }
            return;
        }
        out.appendCodePoint(connector);
        write(Kind.NUMBER, lastFrom, lastTo);
        letters();
        if (kind != Kind.NONE && kind != Kind.CONNECTOR && kind != Kind.PUNCTUATION) {
            out.appendCodePoint(connector);
        }
    }

    /** Words joined, each with a capital. */
    static String pascal(String s) {
        int[] t = s.codePoints().toArray();
        StringBuilder b = new StringBuilder();
        int i = 0;
        while (i < t.length && connects(t[i])) {
            b.appendCodePoint(t[i++]);
        }
        if (i >= t.length) {
            return b.toString();
        }
        boolean upper = Character.isUpperCase(t[i]);
        int now = Character.toUpperCase(t[i++]);
        for (; i < t.length; i++) {
            int before = now;
            now = t[i];
            if (connects(now) && connects(before)) {
                b.appendCodePoint(before);
            } else if (connects(before)) {
                upper = Character.isUpperCase(now);
                now = Character.toUpperCase(now);
            } else {
                if (upper) {
                    if (Character.isUpperCase(now)) {
                        now = Character.toLowerCase(now);
                    } else {
                        upper = false;
                    }
                }
                b.appendCodePoint(before);
            }
        }
        return b.appendCodePoint(now).toString();
    }
}
