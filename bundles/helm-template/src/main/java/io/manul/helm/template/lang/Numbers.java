package io.manul.helm.template.lang;

import io.manul.helm.template.go.Complex;
import io.manul.helm.template.go.Floats;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Ints;
import io.manul.helm.template.go.Text;

/** Reads constants: every number type that a constant's text allows. */
final class Numbers {

    private Numbers() {
    }

    static Node.Num read(int pos, Source source, Token t) {
        String text = t.text();
        if (t.kind() == Token.Kind.CHAR_CONSTANT) {
            long rune = Quotes.character(text);
            return new Node.Num(pos, source, text, rune, rune, (double) rune, null);
        }
        if (t.kind() == Token.Kind.COMPLEX) {
            return complex(pos, source, text);
        }
        if (text.endsWith("i")) {
            Double d = Floats.parse(text.substring(0, text.length() - 1));
            if (d != null) {
                return simplified(pos, source, text, new Complex(0, d));
            }
        }
        Long unsigned = Ints.unsigned(text);
        Long whole = Ints.parse(text);
        if (whole != null && whole == 0) {
            unsigned = 0L;
        }
        Double floating = whole != null ? (Double) (double) whole : unsigned != null
                ? (Double) new java.math.BigInteger(Long.toUnsignedString(unsigned)).doubleValue() : null;
        if (floating == null) {
            floating = Floats.parse(text.replaceAll("(?<=[0-9a-fA-FxX])_(?=[0-9a-fA-F])", ""));
            if (floating != null) {
                if (!text.matches(".*[.eEpP].*")) {
                    throw new GoError("integer overflow: " + Text.quote(text));
                }
                whole = (double) floating.longValue() == floating ? (Long) floating.longValue() : null;
                unsigned = floating >= 0 && whole != null ? whole : null;
            }
        }
        if (floating == null) {
            throw new GoError("illegal number syntax: " + Text.quote(text));
        }
        return new Node.Num(pos, source, text, whole, unsigned, floating, null);
    }

    private static Node.Num complex(int pos, Source source, String text) {
        int split = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
        while (split > 1 && "eEpP".indexOf(text.charAt(split - 1)) >= 0) {
            split = Math.max(text.lastIndexOf('+', split - 1), text.lastIndexOf('-', split - 1));
        }
        Double real = Floats.parse(text.substring(0, split));
        Double imaginary = Floats.parse(text.substring(split, text.length() - 1));
        if (real == null || imaginary == null) {
            throw new GoError("syntax error scanning complex number");
        }
        return simplified(pos, source, text, new Complex(real, imaginary));
    }

    private static Node.Num simplified(int pos, Source source, String text, Complex c) {
        if (c.imaginary() != 0) {
            return new Node.Num(pos, source, text, null, null, null, c);
        }
        double d = c.real();
        Long whole = (double) (long) d == d ? (Long) (long) d : null;
        return new Node.Num(pos, source, text, whole, d >= 0 ? whole : null, d, c);
    }
}
