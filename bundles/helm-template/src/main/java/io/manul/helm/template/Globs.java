package io.manul.helm.template;

/** Shell patterns as regular expressions. */
final class Globs {

    private Globs() {
    }

    /** Go's filepath.Match: {@code *} and {@code ?} stop at a slash. */
    static String path(String glob) throws ChartException {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> b.append("[^/]*");
                case '?' -> b.append("[^/]");
                case '[' -> {
                    int end = glob.indexOf(']', i + 2);
                    if (end < 0) {
                        throw new ChartException("syntax error in pattern");
                    }
                    b.append('[').append(glob, i + 1, end).append(']');
                    i = end;
                }
                case '\\' -> {
                    if (++i >= glob.length()) {
                        throw new ChartException("syntax error in pattern");
                    }
                    literal(b, glob.charAt(i));
                }
                default -> literal(b, c);
            }
        }
        return b.toString();
    }

    /** gobwas/glob with the separator {@code /}: also {@code **}, {@code {a,b}}, {@code [!a]}. Null when it is none. */
    static String files(String glob) {
        StringBuilder b = new StringBuilder();
        int braces = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> {
                    boolean twice = glob.startsWith("**", i);
                    b.append(twice ? ".*" : "[^/]*");
                    i += twice ? 1 : 0;
                }
                case '?' -> b.append("[^/]");
                case '{' -> {
                    b.append("(?:");
                    braces++;
                }
                case '}' -> {
                    if (--braces < 0) {
                        return null;
                    }
                    b.append(')');
                }
                case ',' -> b.append(braces > 0 ? "|" : ",");
                case '[' -> {
                    int end = glob.indexOf(']', i + 1);
                    if (end < 0) {
                        return null;
                    }
                    String inside = glob.substring(i + 1, end);
                    b.append(inside.startsWith("!") ? "[^" + inside.substring(1) : "[" + inside).append(']');
                    i = end;
                }
                case '\\' -> {
                    if (++i >= glob.length()) {
                        return null;
                    }
                    literal(b, glob.charAt(i));
                }
                default -> literal(b, c);
            }
        }
        return braces == 0 ? b.toString() : null;
    }

    private static void literal(StringBuilder b, char c) {
        if ("\\.[]{}()*+-?^$|&".indexOf(c) >= 0) {
            b.append('\\');
        }
        b.append(c);
    }
}
