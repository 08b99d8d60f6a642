package io.manul.helm.template.go;

/** Writes one string in the style that libyaml's emitter would choose: plain, single or double quoted, or a literal block. */
final class YamlString {

    private static final int WIDTH = 80;

    private final StringBuilder out;
    private final String text;
    private final int indent;
    private final boolean key;
    private boolean blockIndicators;
    private boolean lineBreaks;
    private boolean special;
    private boolean edges;
    private boolean trailingSpace;
    private boolean breakSpace;
    private boolean spaceBreak;

    private final boolean folds;
    private int column;

    /** @param folds lines are broken at a space behind column 80 */
    YamlString(StringBuilder out, String text, int indent, boolean key, boolean folds) {
        this.folds = folds && !key;
        this.column = out.length() - out.lastIndexOf("\n") - 1;
        this.out = out;
        this.text = Text.valid(text) ? text : replaced(text);
        this.indent = indent;
        this.key = key;
    }

    private static String replaced(String text) {
        StringBuilder b = new StringBuilder();
        text.codePoints().forEach(c -> b.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xfffd : c));
        return b.toString();
    }

    void write() {
        if (text.isEmpty()) {
            out.append("\"\"");
            return;
        }
        analyze();
        boolean literal = text.indexOf('\n') >= 0;
        if (literal) {
            if (spaceBreak || special || trailingSpace || key) {
                doubleQuoted();
            } else {
                literal();
            }
        } else if (!YamlScalars.text(text)) {
            doubleQuoted();
        } else if (!edges && !breakSpace && !spaceBreak && !special && !lineBreaks && !blockIndicators) {
            words(text);
        } else if (breakSpace || spaceBreak || special || key && lineBreaks) {
            doubleQuoted();
        } else {
            out.append('\'');
            column++;
            words(text.replace("'", "''"));
            out.append('\'');
        }
    }

    /** Plain or single-quoted: a single space behind the 80th column becomes a line break. */
    private void words(String t) {
        boolean wasSpace = false;
        for (int i = 0; i < t.length(); i++) {
            char c = t.charAt(i);
            boolean inside = i > 0 && i < t.length() - 1;
            if (c == ' ' && folds && !wasSpace && column > WIDTH && inside && t.charAt(i + 1) != ' ') {
                newLine();
            } else {
                put(c);
            }
            wasSpace = c == ' ';
        }
    }

    private void newLine() {
        out.append('\n').repeat(' ', indent);
        column = indent;
    }

    private void put(char c) {
        out.append(c);
        column += Character.isLowSurrogate(c) ? 0 : 1;
    }

    private static boolean isBreak(int c) {
        return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean printable(int c) {
        return c == 0x0a || c >= 0x20 && c <= 0x7e || c >= 0xa0 && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd && c != 0xfeff
                || c >= 0x10000 && c <= 0x10ffff && false;
    }

    private void analyze() {
        if (text.startsWith("---") || text.startsWith("...")) {
            blockIndicators = true;
        }
        boolean afterBlank = true;
        boolean wasSpace = false;
        boolean wasBreak = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            boolean last = next >= text.length();
            boolean blankFollows = last || " \t\r\n\u0085\u2028\u2029".indexOf(text.charAt(next)) >= 0 && isBlank(text.charAt(next));
            indicators(c, i == 0, afterBlank, blankFollows);
            if (!printable(c)) {
                special = true;
            }
            if (c == ' ') {
                edges |= i == 0 || last;
                trailingSpace |= last;
                breakSpace |= wasBreak;
                wasSpace = true;
                wasBreak = false;
            } else if (isBreak(c)) {
                lineBreaks = true;
                edges |= i == 0 || last;
                spaceBreak |= wasSpace;
                wasSpace = false;
                wasBreak = true;
            } else {
                wasSpace = false;
                wasBreak = false;
            }
            afterBlank = c == ' ' || c == '\t' || isBreak(c);
            i = next;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void indicators(int c, boolean first, boolean afterBlank, boolean blankFollows) {
        if (first) {
            blockIndicators |= "#,[]{}&*!|>'\"%@`".indexOf(c) >= 0 || (c == '?' || c == ':' || c == '-') && blankFollows;
        } else {
            blockIndicators |= c == ':' && blankFollows || c == '#' && afterBlank;
        }
    }

    private void literal() {
        out.append('|');
        char first = text.charAt(0);
        if (first == ' ' || isBreak(first)) {
            out.append('2');
        }
        boolean ends = isBreak(text.charAt(text.length() - 1));
        if (!ends) {
            out.append('-');
        } else if (text.length() == 1 || isBreak(text.charAt(text.length() - 2))) {
            out.append('+');
        }
        boolean fresh = true;
        out.append('\n');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isBreak(c)) {
                out.append(c);
                fresh = true;
            } else {
                if (fresh) {
                    out.repeat(' ', indent);
                }
                out.append(c);
                fresh = false;
            }
        }
        if (fresh) {
            // the writer of the next line puts a line feed of its own
            out.setLength(out.length() - 1);
        }
    }

    private void doubleQuoted() {
        put('"');
        boolean wasSpace = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            if (c == ' ' && folds && !wasSpace && column > WIDTH && i > 0 && next < text.length()) {
                newLine();
                if (text.charAt(next) == ' ') {
                    put('\\');
                }
            } else {
                int before = out.length();
                character(c);
                column += out.codePointCount(before, out.length());
            }
            wasSpace = c == ' ';
            i = next;
        }
        out.append('"');
    }

    private void character(int c) {
        if (printable(c) && !isBreak(c) && c != '"' && c != '\\') {
            out.appendCodePoint(c);
            return;
        }
        out.append('\\');
        switch (c) {
            case 0 -> out.append('0');
            case 7 -> out.append('a');
            case 8 -> out.append('b');
            case 9 -> out.append('t');
            case 10 -> out.append('n');
            case 11 -> out.append('v');
            case 12 -> out.append('f');
            case 13 -> out.append('r');
            case 0x1b -> out.append('e');
            case '"' -> out.append('"');
            case '\\' -> out.append('\\');
            case 0x85 -> out.append('N');
            case 0xa0 -> out.append('_');
            case 0x2028 -> out.append('L');
            case 0x2029 -> out.append('P');
            default -> out.append(c <= 0xff ? String.format("x%02X", c) : c <= 0xffff ? String.format("u%04X", c) : String.format("U%08X", c));
        }
    }
}
