package io.manul.helm.template.functions;

import static io.manul.helm.template.functions.Table.small;
import static io.manul.helm.template.functions.Table.text;

import io.manul.helm.template.go.Fmt;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Slice;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.lang.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Strings. */
final class Strings {

    private Strings() {
    }

    static void add(Table t) {
        t.add("hello", "", a -> "Hello!");
        t.add("trim", "string", a -> Text.trim(text(a, 0)));
        t.add("upper", "string", a -> text(a, 0).toUpperCase(Locale.ROOT));
        t.add("lower", "string", a -> text(a, 0).toLowerCase(Locale.ROOT));
        t.add("title", "string", a -> Words.title(text(a, 0)));
        t.add("untitle", "string", a -> Words.untitle(text(a, 0)));
        t.add("repeat", "int,string", a -> repeat(Table.number(a, 0), text(a, 1)));
        t.add("substr", "int,int,string", a -> substring(small(a, 0), small(a, 1), text(a, 2)));
        t.add("trunc", "int,string", a -> trunc(small(a, 0), text(a, 1)));
        t.add("trimall", "string,string", a -> trimAll(text(a, 1), text(a, 0)));
        t.add("trimAll", "string,string", a -> trimAll(text(a, 1), text(a, 0)));
        t.add("trimSuffix", "string,string", a -> !text(a, 0).isEmpty() && text(a, 1).endsWith(text(a, 0))
                ? text(a, 1).substring(0, text(a, 1).length() - text(a, 0).length()) : a[1]);
        t.add("trimPrefix", "string,string", a -> text(a, 1).startsWith(text(a, 0)) ? text(a, 1).substring(text(a, 0).length()) : a[1]);
        t.add("contains", "string,string", a -> text(a, 1).contains(text(a, 0)));
        t.add("hasPrefix", "string,string", a -> text(a, 1).startsWith(text(a, 0)));
        t.add("hasSuffix", "string,string", a -> text(a, 1).endsWith(text(a, 0)));
        t.add("quote", "any...", a -> quote(a, true));
        t.add("squote", "any...", a -> quote(a, false));
        t.add("cat", "any...", Strings::cat);
        t.add("indent", "int,string", a -> indent(Table.number(a, 0), text(a, 1)));
        t.add("nindent", "int,string", a -> "\n" + indent(Table.number(a, 0), text(a, 1)));
        t.add("replace", "string,string,string", a -> replace(text(a, 2), text(a, 0), text(a, 1)));
        t.add("plural", "string,string,int", a -> Table.number(a, 2) == 1 ? a[0] : a[1]);
        t.add("toString", "any", a -> Casts.text(a[0]));
        t.add("toStrings", "any", a -> Slice.strings(Casts.texts(a[0])));
        t.add("join", "string,any", a -> String.join(text(a, 0), Casts.texts(a[1])));
        t.add("split", "string,string", a -> numbered(split(text(a, 1), text(a, 0), -1)));
        t.add("splitn", "string,int,string", a -> numbered(split(text(a, 2), text(a, 0), small(a, 1))));
        t.add("splitList", "string,string", a -> Slice.strings(split(text(a, 1), text(a, 0), -1)));
        t.add("sortAlpha", "any", a -> sorted(a[0]));
        t.add("abbrev", "int,string", a -> Words.abbreviate(text(a, 1), 0, small(a, 0)));
        t.add("abbrevboth", "int,int,string", a -> Words.abbreviateBoth(text(a, 2), small(a, 0), small(a, 1)));
        t.add("nospace", "string", a -> Words.withoutSpace(text(a, 0)));
        t.add("initials", "string", a -> Words.initials(text(a, 0)));
        t.add("swapcase", "string", a -> Words.swapCase(text(a, 0)));
        t.add("snakecase", "string", a -> WordCase.lower(text(a, 0), '_'));
        t.add("kebabcase", "string", a -> WordCase.lower(text(a, 0), '-'));
        t.add("camelcase", "string", a -> WordCase.pascal(text(a, 0)));
        t.add("wrap", "int,string", a -> Words.wrap(text(a, 1), small(a, 0), "\n", false));
        t.add("wrapWith", "int,string,string", a -> Words.wrap(text(a, 2), small(a, 0), text(a, 1), true));
    }

    private static String repeat(long n, String s) {
        if (n < 0) {
            throw new GoError("strings: negative Repeat count");
        }
        Limits.size(Math.multiplyHigh(n, s.length()) != 0 ? Long.MAX_VALUE : n * s.length());
        return s.repeat((int) n);
    }

    private static String substring(int start, int end, String s) {
        int size = Text.length(s);
        int to = start < 0 ? end : end < 0 || end > size ? size : end;
        int from = Math.max(0, start);
        if (to < 0 || to > size || from > to) {
            throw new GoError("runtime error: slice bounds out of range [" + (start < 0 || from <= to || end < 0 || end > size
                    ? start < 0 ? ":" + to : from + ":" + to : from + ":" + to) + "]" + (start < 0 && to > size ? " with length " + size : ""));
        }
        return Text.cut(s, from, to);
    }

    private static String trunc(int n, String s) {
        int size = Text.length(s);
        if (n < 0 && size + n > 0) {
            return Text.cut(s, size + n, size);
        }
        return n >= 0 && size > n ? Text.cut(s, 0, n) : s;
    }

    static String trimAll(String s, String cut) {
        int from = 0;
        int to = s.length();
        while (from < to && cut.indexOf(s.codePointAt(from)) >= 0) {
            from += Character.charCount(s.codePointAt(from));
        }
        while (to > from && cut.indexOf(s.codePointBefore(to)) >= 0) {
            to -= Character.charCount(s.codePointBefore(to));
        }
        return s.substring(from, to);
    }

    private static String quote(Object[] a, boolean twice) {
        List<String> out = new ArrayList<>();
        for (Object o : a) {
            if (o != null) {
                out.add(twice ? Text.quote(Casts.text(o)) : "'" + Fmt.v(o) + "'");
            }
        }
        return String.join(" ", out);
    }

    private static String cat(Object[] a) {
        List<String> out = new ArrayList<>();
        for (Object o : a) {
            if (o != null) {
                out.add(Fmt.v(o));
            }
        }
        return String.join(" ", out);
    }

    private static String indent(long n, String s) {
        if (n < 0) {
            throw new GoError("strings: negative Repeat count");
        }
        Limits.size(n * (1 + s.chars().filter(c -> c == '\n').count()));
        String pad = " ".repeat((int) n);
        return pad + s.replace("\n", "\n" + pad);
    }

    static String replace(String s, String old, String with) {
        if (!old.isEmpty()) {
            return s.replace(old, with);
        }
        StringBuilder b = new StringBuilder(with);
        s.codePoints().forEach(c -> b.appendCodePoint(c).append(with));
        return b.toString();
    }

    /** strings.SplitN. */
    static List<String> split(String s, String separator, int most) {
        List<String> out = new ArrayList<>();
        if (most == 0) {
            return out;
        }
        if (separator.isEmpty()) {
            int at = 0;
            while (at < s.length() && (most < 0 || out.size() < most - 1)) {
                int next = s.offsetByCodePoints(at, 1);
                out.add(s.substring(at, next));
                at = next;
            }
            if (at < s.length()) {
                out.add(s.substring(at));
            }
            return out;
        }
        int at = 0;
        for (int next = s.indexOf(separator); next >= 0 && (most < 0 || out.size() < most - 1); next = s.indexOf(separator, at)) {
            out.add(s.substring(at, next));
            at = next + separator.length();
        }
        out.add(s.substring(at));
        return out;
    }

    private static GoMap numbered(List<String> parts) {
        GoMap m = new GoMap(GoMap.STRINGS);
        for (int i = 0; i < parts.size(); i++) {
            m.put("_" + i, parts.get(i));
        }
        return m;
    }

    private static Slice sorted(Object v) {
        if (!(v instanceof List<?>)) {
            return Slice.strings(List.of(Casts.text(v)));
        }
        return Slice.strings(Casts.texts(v).stream().sorted().toList());
    }

}
