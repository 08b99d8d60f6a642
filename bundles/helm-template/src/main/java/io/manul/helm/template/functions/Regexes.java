package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.small;
import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Regular expressions: RE2's syntax on the JDK's engine, bounded in steps. */
final class Regexes {

    private Regexes() {
    }

    static void add(Table t) {
        t.add("regexMatch", "string,string", a -> General.quiet(() -> matcher(text(a, 0), text(a, 1)).find(), false));
        t.add("mustRegexMatch", "string,string", a -> matcher(text(a, 0), text(a, 1)).find());
        both(t, "regexFind", "string,string", a -> {
            Matcher m = matcher(text(a, 0), text(a, 1));
            return m.find() ? m.group() : "";
        });
        both(t, "regexFindAll", "string,string,int", a -> findAll(text(a, 0), text(a, 1), small(a, 2)));
        both(t, "regexReplaceAll", "string,string,string", a -> replace(text(a, 0), text(a, 1), text(a, 2), false));
        both(t, "regexReplaceAllLiteral", "string,string,string", a -> replace(text(a, 0), text(a, 1), text(a, 2), true));
        both(t, "regexSplit", "string,string,int", a -> split(text(a, 0), text(a, 1), small(a, 2)));
        t.add("regexQuoteMeta", "string", a -> text(a, 0).replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0"));
    }

    /** A panic of MustCompile and an error of Compile differ in their words. */
    private static void both(Table t, String name, String signature, io.manul.helm.template.go.Func.Body body) {
        t.add("must" + Character.toUpperCase(name.charAt(0)) + name.substring(1), signature, body);
        t.add(name, signature, a -> {
            try {
                return body.call(a);
            } catch (GoError e) {
                String quoted = text(a, 0).contains("`") ? io.manul.helm.template.go.Text.quote(text(a, 0)) : "`" + text(a, 0) + "`";
                throw new GoError("regexp: Compile(" + quoted + "): " + e.getMessage());
            }
        });
    }

    static Matcher matcher(String regex, String s) {
        Pattern p = RegexSyntax.compile(regex);
        return p.matcher(new Bounded(s, 0, s.length(), new int[1]));
    }

    private interface Found {
        boolean at(Matcher m);
    }

    /** Every match, as Go counts them: an empty one right after another is none. */
    private static void each(Matcher m, Found found) {
        int end = -1;
        while (m.find()) {
            if (m.start() == m.end() && m.start() == end) {
                continue;
            }
            end = m.end();
            if (!found.at(m)) {
                return;
            }
        }
    }

    private static Slice findAll(String regex, String s, int most) {
        Slice out = new Slice("string");
        if (most != 0) {
            each(matcher(regex, s), m -> out.add(m.group()) && (most < 0 || out.size() < most));
        } else {
            RegexSyntax.compile(regex);
        }
        return out;
    }

    private static String replace(String regex, String s, String with, boolean literal) {
        StringBuilder b = new StringBuilder();
        int[] at = {0};
        each(matcher(regex, s), m -> {
            b.append(s, at[0], m.start());
            if (literal) {
                b.append(with);
            } else {
                expand(b, with, m);
            }
            at[0] = m.end();
            return true;
        });
        return b.append(s, at[0], s.length()).toString();
    }

    private static void expand(StringBuilder b, String with, Matcher m) {
        for (int i = 0; i < with.length(); i++) {
            char c = with.charAt(i);
            if (c != '$' || i + 1 >= with.length()) {
                b.append(c);
                continue;
            }
            if (with.charAt(i + 1) == '$') {
                b.append('$');
                i++;
                continue;
            }
            boolean braces = with.charAt(i + 1) == '{';
            int from = i + (braces ? 2 : 1);
            int to = from;
            while (to < with.length() && (Character.isLetterOrDigit(with.charAt(to)) || with.charAt(to) == '_')) {
                to++;
            }
            if (to == from || braces && (to >= with.length() || with.charAt(to) != '}')) {
                b.append('$');
                continue;
            }
            b.append(group(m, with.substring(from, to)));
            i = braces ? to : to - 1;
        }
    }

    private static String group(Matcher m, String name) {
        if (name.matches("0|[1-9][0-9]{0,3}")) {
            int n = Integer.parseInt(name);
            return n > m.groupCount() || m.group(n) == null ? "" : m.group(n);
        }
        Integer n = m.namedGroups().get(name);
        return n == null || m.group(n) == null ? "" : m.group(n);
    }

    private static Slice split(String regex, String s, int most) {
        List<String> out = new ArrayList<>();
        Matcher matcher = matcher(regex, s);
        if (most == 0) {
            return new Slice("string");
        }
        if (!regex.isEmpty() && s.isEmpty()) {
            return Slice.strings(List.of(""));
        }
        int[] begin = {0};
        int[] end = {0};
        each(matcher, m -> {
            if (most > 0 && out.size() == most - 1) {
                return false;
            }
            end[0] = m.start();
            if (m.end() != 0) {
                out.add(s.substring(begin[0], end[0]));
            }
            begin[0] = m.end();
            return true;
        });
        if (end[0] != s.length()) {
            out.add(s.substring(begin[0]));
        }
        return Slice.strings(out);
    }

    /** The text, which may be looked at only so often: the JDK's engine backtracks. */
    private record Bounded(String text, int from, int to, int[] looks) implements CharSequence {

        private static final int MOST = 50_000_000;

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > MOST) {
                throw new GoError("regular expression takes too long");
            }
            return text.charAt(from + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(from + start, from + end);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }
}
