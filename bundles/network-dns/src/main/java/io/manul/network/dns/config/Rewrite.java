package io.manul.network.dns.config;

import io.manul.network.dns.wire.Name;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One rule that asks for another name instead (coredns.io, plugin rewrite, "name"). @param more further rules are looked at */
public record Rewrite(boolean more, Kind kind, String from, Pattern pattern, String to) {

    /** How a name is matched. */
    public enum Kind { EXACT, PREFIX, SUFFIX, SUBSTRING, REGEX }

    /** The name to ask for instead. */
    public Optional<Name> apply(Name name) {
        String text = name.toString().toLowerCase(Locale.ROOT);
        String next = switch (kind) {
            case EXACT -> text.equals(dotted(from)) ? dotted(to) : text;
            case PREFIX -> text.startsWith(from) ? to + text.substring(from.length()) : text;
            case SUFFIX -> text.endsWith(dotted(from)) ? text.substring(0, text.length() - dotted(from).length()) + dotted(to) : text;
            case SUBSTRING -> text.replace(from, to);
            case REGEX -> regex(text);
        };
        if (next.equals(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Name.of(next));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String regex(String text) {
        Matcher m = pattern.matcher(text);
        if (!m.find()) {
            return text;
        }
        String out = to;
        for (int i = m.groupCount(); i >= 0; i--) {
            out = out.replace("{" + i + "}", m.group(i) == null ? "" : m.group(i));
        }
        return out;
    }

    private static String dotted(String name) {
        return name.endsWith(".") ? name : name + ".";
    }
}
