package io.manul.apiserver.engine.crd;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A {@code pattern}, in the syntax of RE2 as upstream takes it (github.com/google/re2/wiki/Syntax), run by
 * {@link java.util.regex}: translated where the two differ, refused where only Java has it (look-around, back references,
 * possessive repetition), and bounded in what one match may cost. Immutable; safe from any thread.
 */
final class Regex {

    private static final int MOST_LENGTH = 8192;
    /** Characters that one match may look at; a pattern without much backtracking needs a few per character. */
    private static final int MOST_STEPS = 10_000_000;

    private static final Pattern COUNTS = Pattern.compile("\\{[0-9]{1,4}(,[0-9]{0,4})?\\}");
    private static final Map<String, String> CLASSES = Map.ofEntries(Map.entry("alnum", "Alnum"), Map.entry("alpha", "Alpha"),
            Map.entry("ascii", "ASCII"), Map.entry("blank", "Blank"), Map.entry("cntrl", "Cntrl"), Map.entry("digit", "Digit"),
            Map.entry("graph", "Graph"), Map.entry("lower", "Lower"), Map.entry("print", "Print"), Map.entry("punct", "Punct"),
            Map.entry("space", "Space"), Map.entry("upper", "Upper"), Map.entry("xdigit", "XDigit"));

    private final String text;
    /** Null when it is not valid. */
    private final Pattern pattern;
    private final String wrong;

    private Regex(String text, Pattern pattern, String wrong) {
        this.text = text;
        this.pattern = pattern;
        this.wrong = wrong;
    }

    static Regex of(String text) {
        if (text.length() > MOST_LENGTH) {
            return new Regex(text, null, "longer than " + MOST_LENGTH + " characters");
        }
        try {
            return new Regex(text, Pattern.compile(new Translation(text).run()), "");
        } catch (PatternSyntaxException e) {
            return new Regex(text, null, e.getDescription() + " near index " + e.getIndex());
        } catch (StackOverflowError e) {
            return new Regex(text, null, "nested too deeply");
        }
    }

    /** Why it is no regular expression; empty when it is one. */
    String wrong() {
        return wrong;
    }

    String text() {
        return text;
    }

    /** True when a part of the value matches; false as well when that cannot be said within the bounds. */
    boolean find(String value) {
        try {
            return pattern != null && pattern.matcher(new Counted(value, new int[] {MOST_STEPS})).find();
        } catch (OutOfSteps | StackOverflowError e) {
            return false; // java.util.regex recurses and backtracks on some patterns: too costly counts as no match
        }
    }

    private static final class OutOfSteps extends RuntimeException {
        OutOfSteps() {
            super("a pattern took too many steps", null, false, false);
        }
    }

    /** Text that can be looked at so many times. */
    private record Counted(CharSequence all, int[] left) implements CharSequence {
        @Override
        public int length() {
            return all.length();
        }

        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw new OutOfSteps();
            }
            return all.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(all.subSequence(start, end), left);
        }

        @Override
        public String toString() {
            return all.toString();
        }
    }

    /** From RE2's syntax to Java's. Used once. */
    private static final class Translation {
        private final String in;
        private final StringBuilder out = new StringBuilder();
        private int at;
        private boolean multiline;

        Translation(String in) {
            this.in = in;
        }

        String run() {
            while (at < in.length()) {
                char c = in.charAt(at);
                switch (c) {
                    case '\\' -> escape();
                    case '[' -> brackets();
                    case '(' -> group();
                    case '$' -> take(multiline ? "$" : "\\z", 1);
                    case '*', '+', '?' -> repetition(String.valueOf(c));
                    case '{' -> braces();
                    default -> take(String.valueOf(c), 1);
                }
            }
            return out.toString();
        }

        private void take(String text, int length) {
            out.append(text);
            at += length;
        }

        private void escape() {
            if (at + 1 == in.length()) {
                throw new PatternSyntaxException("trailing backslash at end of expression", in, at);
            }
            char next = in.charAt(at + 1);
            if (next >= '1' && next <= '9' || "GNRXZehHkuV".indexOf(next) >= 0) {
                throw new PatternSyntaxException("invalid escape sequence: \\" + next, in, at);
            }
            int close = in.indexOf('}', at);
            if (next == 'Q') {
                int end = in.indexOf("\\E", at);
                take(Pattern.quote(in.substring(at + 2, end < 0 ? in.length() : end)), (end < 0 ? in.length() : end + 2) - at);
            } else if (next == 'v') {
                take("\\x0B", 2);
            } else if ((next == 'p' || next == 'P') && in.startsWith("{", at + 2) && close > at + 5) {
                take("\\" + next + "{Is" + in.substring(at + 3, close + 1), close + 1 - at); // a script
            } else {
                take(in.substring(at, at + 2), 2);
            }
        }

        /** A brace that begins no repetition is itself. */
        private void braces() {
            Matcher counts = COUNTS.matcher(in).region(at, in.length());
            if (counts.lookingAt()) {
                repetition(counts.group());
            } else {
                take("\\{", 1);
            }
        }

        private void repetition(String operator) {
            take(operator, operator.length());
            if (at < in.length() && in.charAt(at) == '?') {
                take("?", 1);
            }
            if (at < in.length() && (in.charAt(at) == '+' || in.charAt(at) == '*')) {
                throw new PatternSyntaxException("invalid nested repetition operator", in, at);
            }
        }

        private void group() {
            if (!in.startsWith("(?", at)) {
                take("(", 1);
            } else if (in.startsWith("(?P<", at)) {
                take("(?<", 4);
            } else if (in.startsWith("(?=", at) || in.startsWith("(?!", at) || in.startsWith("(?<=", at) || in.startsWith("(?<!", at)
                    || in.startsWith("(?>", at)) {
                throw new PatternSyntaxException("invalid or unsupported Perl syntax", in, at);
            } else {
                int end = at + 2;
                while (end < in.length() && Character.isLetter(in.charAt(end))) {
                    multiline |= in.charAt(end) == 'm';
                    end++;
                }
                take(in.substring(at, end), end - at);
            }
        }

        private void brackets() {
            take("[", 1);
            if (at < in.length() && in.charAt(at) == '^') {
                take("^", 1);
            }
            if (at < in.length() && in.charAt(at) == ']') {
                take("\\]", 1); // the first one is itself
            }
            while (at < in.length() && in.charAt(at) != ']') {
                char c = in.charAt(at);
                if (c == '\\') {
                    escape();
                } else if (in.startsWith("[:", at) && in.indexOf(":]", at) > 0) {
                    posix();
                } else {
                    take(c == '[' || c == '&' ? "\\" + c : String.valueOf(c), 1);
                }
            }
            if (at < in.length()) {
                take("]", 1);
            }
        }

        private void posix() {
            int end = in.indexOf(":]", at);
            String name = in.substring(at + 2, end);
            boolean negated = name.startsWith("^");
            String java = CLASSES.get(negated ? name.substring(1) : name);
            if (java == null) {
                throw new PatternSyntaxException("invalid character class range: [:" + name + ":]", in, at);
            }
            take((negated ? "\\P{" : "\\p{") + java + "}", end + 2 - at);
        }
    }
}
