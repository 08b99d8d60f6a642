package io.manul.helm.template.functions;

import io.manul.helm.template.go.Text;

/** Sprig's string functions that look at words; on bytes where Go's are. */
final class Words {

    private Words() {
    }

    private static boolean separator(int c) {
        if (c < 0x80) {
            return !Character.isLetterOrDigit(c) && c != '_';
        }
        return !Character.isLetter(c) && !Character.isDigit(c) && Text.space(c);
    }

    static String title(String s) {
        StringBuilder b = new StringBuilder();
        int[] before = {' '};
        s.codePoints().forEach(c -> {
            b.appendCodePoint(separator(before[0]) ? Character.toTitleCase(c) : c);
            before[0] = c;
        });
        return b.toString();
    }

    static String untitle(String s) {
        StringBuilder b = new StringBuilder();
        boolean[] gap = {true};
        s.codePoints().forEach(c -> {
            boolean space = Text.space(c);
            b.appendCodePoint(gap[0] && !space ? Character.toLowerCase(c) : c);
            gap[0] = space;
        });
        return b.toString();
    }

    static String withoutSpace(String s) {
        StringBuilder b = new StringBuilder();
        s.codePoints().filter(c -> !Text.space(c)).forEach(b::appendCodePoint);
        return b.toString();
    }

    static String initials(String s) {
        StringBuilder b = new StringBuilder();
        boolean gap = true;
        for (byte x : Text.bytes(s)) {
            int c = x & 0xff;
            if (Text.space(c)) {
                gap = true;
            } else if (gap) {
                b.append((char) c);
                gap = false;
            }
        }
        return b.toString();
    }

    static String swapCase(String s) {
        StringBuilder b = new StringBuilder();
        boolean[] gap = {true};
        s.codePoints().forEach(c -> {
            if (Character.isUpperCase(c) || Character.isTitleCase(c)) {
                b.appendCodePoint(Character.toLowerCase(c));
                gap[0] = false;
            } else if (Character.isLowerCase(c)) {
                b.appendCodePoint(gap[0] ? Character.toTitleCase(c) : Character.toUpperCase(c));
                gap[0] = false;
            } else {
                b.appendCodePoint(c);
                gap[0] = Text.space(c);
            }
        });
        return b.toString();
    }

    static String abbreviate(String s, int offset, int width) {
        int size = Text.length(s);
        if (width < 4 || size <= width) {
            return s;
        }
        int from = Math.min(offset, size);
        if (size - from < width - 3) {
            from = size - (width - 3);
        }
        if (from <= 4) {
            return Text.cut(s, 0, width - 3) + "...";
        }
        if (width < 7) {
            return "";
        }
        if (from + width - 3 < size) {
            return "..." + abbreviate(Text.cut(s, from, size), 0, width - 3);
        }
        return "..." + Text.cut(s, size - (width - 3), size);
    }

    static String abbreviateBoth(String s, int left, int right) {
        return right < 4 || left > 0 && right < 7 ? s : abbreviate(s, left, right);
    }

    static String wrap(String s, int width, String newLine, boolean longWords) {
        if (s.isEmpty()) {
            return "";
        }
        String line = newLine.isEmpty() ? "\n" : newLine;
        int most = Math.max(1, width);
        // bytes as characters: Go counts bytes
        String bytes = new String(Text.bytes(s), java.nio.charset.StandardCharsets.ISO_8859_1);
        StringBuilder b = new StringBuilder();
        int at = 0;
        while (bytes.length() - at > most) {
            if (bytes.charAt(at) == ' ') {
                at++;
                continue;
            }
            int space = bytes.lastIndexOf(' ', at + most);
            if (space >= at) {
                b.append(bytes, at, space).append(latin(line));
                at = space + 1;
            } else if (longWords) {
                b.append(bytes, at, at + most).append(latin(line));
                at += most;
            } else {
                space = bytes.indexOf(' ', at + most);
                if (space < 0) {
                    b.append(bytes, at, bytes.length());
                    at = bytes.length();
                } else {
                    b.append(bytes, at, space).append(latin(line));
                    at = space + 1;
                }
            }
        }
        b.append(bytes, at, bytes.length());
        return Text.of(b.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private static String latin(String s) {
        return new String(Text.bytes(s), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
