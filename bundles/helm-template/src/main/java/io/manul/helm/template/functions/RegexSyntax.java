package io.manul.helm.template.functions;

import io.manul.helm.template.go.GoError;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** RE2's syntax (github.com/google/re2/wiki/Syntax) rewritten for java.util.regex. */
final class RegexSyntax {

    private static final Map<String, String> POSIX = Map.ofEntries(Map.entry("alnum", "\\p{Alnum}"), Map.entry("alpha", "\\p{Alpha}"),
            Map.entry("ascii", "\\p{ASCII}"), Map.entry("blank", " \\t"), Map.entry("cntrl", "\\p{Cntrl}"), Map.entry("digit", "0-9"),
            Map.entry("graph", "\\p{Graph}"), Map.entry("lower", "a-z"), Map.entry("print", "\\p{Print}"), Map.entry("punct", "\\p{Punct}"),
            Map.entry("space", "\\s\\x0B"), Map.entry("upper", "A-Z"), Map.entry("word", "\\w"), Map.entry("xdigit", "0-9a-fA-F"));

    private final String regex;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private boolean multiline;

    private RegexSyntax(String regex) {
        this.regex = regex;
    }

    static Pattern compile(String regex) {
        try {
            return Pattern.compile(new RegexSyntax(regex).rewrite(), Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            throw new GoError(why(regex, e));
        }
    }

    private static String why(String regex, PatternSyntaxException e) {
        String d = e.getDescription();
        if (d.startsWith("Unclosed group")) {
            return "error parsing regexp: missing closing ): `" + regex + "`";
        }
        if (d.startsWith("Unmatched closing")) {
            return "error parsing regexp: unexpected ): `" + regex + "`";
        }
        if (d.startsWith("Unclosed character class")) {
            return "error parsing regexp: missing closing ]: `" + regex.substring(Math.max(0, regex.lastIndexOf('['))) + "`";
        }
        if (d.startsWith("Dangling meta character")) {
            return "error parsing regexp: missing argument to repetition operator: `" + d.replaceAll(".*'(.)'.*", "$1") + "`";
        }
        return "error parsing regexp: " + d + ": `" + regex + "`";
    }

    private String rewrite() {
        while (at < regex.length()) {
            char c = regex.charAt(at);
            switch (c) {
                case '\\' -> escape(false);
                case '[' -> characterClass();
                case '(' -> group();
                case '{' -> {
                    // not a repetition: a brace
                    boolean repeats = regex.substring(at).matches("(?s)\\{[0-9]+(,[0-9]*)?\\}.*");
                    out.append(repeats ? "{" : "\\{");
                    at++;
                }
                case '$' -> {
                    out.append(multiline ? "$" : "\\z");
                    at++;
                }
                default -> {
                    out.append(c);
                    at++;
                }
            }
        }
        return out.toString();
    }

    private void escape(boolean inClass) {
        if (at + 1 >= regex.length()) {
            throw new GoError("error parsing regexp: trailing backslash at end of expression: ``");
        }
        char c = regex.charAt(at + 1);
        if (c >= '1' && c <= '9' || c == 'k' || c == 'Z' || c == 'G' || c == 'R' || c == 'X') {
            throw new GoError("error parsing regexp: invalid escape sequence: `\\" + c + "`");
        }
        at += 2;
        switch (c) {
            case 's' -> out.append(inClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]");
            case 'S' -> out.append("[^\\t\\n\\f\\r ]");
            case 'p', 'P' -> {
                out.append('\\').append(c);
                if (at < regex.length() && regex.charAt(at) == '{') {
                    int end = regex.indexOf('}', at);
                    if (end > 0) {
                        String name = regex.substring(at + 1, end);
                        out.append('{').append(name.length() > 2 ? "Is" + name : name).append('}');
                        at = end + 1;
                    }
                }
            }
            default -> out.append('\\').append(c);
        }
    }

    private void characterClass() {
        out.append('[');
        at++;
        if (at < regex.length() && regex.charAt(at) == '^') {
            out.append('^');
            at++;
        }
        boolean first = true;
        while (at < regex.length() && (first || regex.charAt(at) != ']')) {
            char c = regex.charAt(at);
            if (c == '[' && regex.startsWith("[:", at) && regex.indexOf(":]", at) > 0) {
                int end = regex.indexOf(":]", at);
                String name = regex.substring(at + 2, end);
                if (!POSIX.containsKey(name)) {
                    throw new GoError("error parsing regexp: invalid character class range: `" + regex.substring(at, end + 2) + "`");
                }
                out.append(POSIX.get(name));
                at = end + 2;
            } else if (c == '\\') {
                escape(true);
            } else {
                if (c == '[' || c == '&' || first && c == ']' || c == '^') {
                    out.append('\\');
                }
                out.append(c);
                at++;
            }
            first = false;
        }
        if (at < regex.length()) {
            out.append(']');
            at++;
        }
    }

    private void group() {
        out.append('(');
        at++;
        if (at >= regex.length() || regex.charAt(at) != '?') {
            return;
        }
        if (regex.startsWith("?P<", at)) {
            out.append("?<");
            at += 3;
        } else if (regex.startsWith("?<", at) && !regex.startsWith("?<=", at) && !regex.startsWith("?<!", at)) {
            out.append("?<");
            at += 2;
        } else {
            flags();
        }
    }

    private void flags() {
        int end = at + 1;
        boolean on = true;
        StringBuilder flags = new StringBuilder("?");
        while (end < regex.length() && "imsU-".indexOf(regex.charAt(end)) >= 0) {
            char c = regex.charAt(end++);
            on &= c != '-';
            if (c == 'm') {
                multiline = on;
            }
            flags.append(c == 'U' ? "" : c);
        }
        if (end >= regex.length() || regex.charAt(end) != ':' && regex.charAt(end) != ')') {
            throw new GoError("error parsing regexp: invalid or unsupported Perl syntax: `(" + regex.substring(at, Math.min(regex.length(),
                    at + 2 + (regex.startsWith("?<", at) ? 1 : 0))) + "`");
        }
        out.append(flags);
        at = end;
    }
}
