package io.manul.network.dns.config;

import java.util.ArrayList;
import java.util.List;

/** A Corefile as lines of words with braces (coredns.io, "Corefile"). */
final class Syntax {

    private static final int MOST_DEPTH = 4;

    private record Word(int line, String text, boolean quoted) {
        boolean is(String bare) {
            return !quoted && text.equals(bare);
        }
    }

    private final String key;
    private final List<Word> words = new ArrayList<>();
    private final List<Problem> problems;
    private int at;

    private Syntax(String key, List<Problem> problems) {
        this.key = key;
        this.problems = problems;
    }

    static List<Directive> read(String key, String text, List<Problem> problems) {
        Syntax s = new Syntax(key, problems);
        s.split(text);
        List<Directive> out = s.lines(0);
        if (s.at < s.words.size()) {
            s.problem(s.words.get(s.at), "has no brace that opens it");
        }
        return out;
    }

    private void problem(Word w, String why) {
        problems.add(new Problem(key, w.line, w.text, why));
    }

    private void split(String text) {
        int line = 1;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                i++;
            } else if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '#') {
                i = end(text, i, '\n');
            } else if (c == '"') {
                i = quoted(text, i + 1, line);
            } else {
                int from = i;
                while (i < text.length() && !Character.isWhitespace(text.charAt(i))) {
                    i++;
                }
                words.add(new Word(line, text.substring(from, i), false));
            }
        }
    }

    private static int end(String text, int from, char c) {
        int to = text.indexOf(c, from);
        return to < 0 ? text.length() : to;
    }

    private int quoted(String text, int from, int line) {
        StringBuilder out = new StringBuilder();
        int i = from;
        while (i < text.length() && text.charAt(i) != '"') {
            if (text.charAt(i) == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                i++;
            }
            out.append(text.charAt(i++));
        }
        words.add(new Word(line, out.toString(), true));
        return i + 1;
    }

    private List<Directive> lines(int depth) {
        List<Directive> out = new ArrayList<>();
        while (at < words.size() && !words.get(at).is("}")) {
            int line = words.get(at).line;
            List<String> own = new ArrayList<>();
            while (at < words.size() && words.get(at).line == line && !words.get(at).is("{") && !words.get(at).is("}")) {
                own.add(words.get(at++).text);
            }
            List<Directive> inner = List.of();
            if (at < words.size() && words.get(at).is("{")) {
                Word brace = words.get(at++);
                if (depth == MOST_DEPTH) {
                    problem(brace, "is nested too deep");
                    at = words.size();
                    return out;
                }
                inner = lines(depth + 1);
                if (at < words.size()) {
                    at++;
                } else {
                    problem(brace, "is not closed");
                }
            }
            if (!own.isEmpty()) {
                out.add(new Directive(line, List.copyOf(own), inner));
            }
        }
        return out;
    }
}
