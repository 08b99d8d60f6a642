package io.manul.network.dns.config;

import java.util.List;

/** One line of a Corefile with the lines in its braces. @param line counted from 1 */
record Directive(int line, List<String> words, List<Directive> inner) {
    String name() {
        return words.getFirst();
    }

    List<String> arguments() {
        return words.subList(1, words.size());
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
