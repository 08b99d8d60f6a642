package io.manul.apiserver.engine.sub;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Links of a page that came through a proxy: what leads to the back-end's own host leads through the proxy again (apimachinery,
 * util/proxy, "Transport"). Pure.
 */
final class Links {

    private static final Pattern TAG = Pattern.compile("<([a-zA-Z][a-zA-Z0-9]*)(\\s[^<>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\s)([a-zA-Z-]+)(\\s*=\\s*)(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+))");
    /** Which attributes of which elements are links. */
    private static final Map<String, Set<String>> LINKS = Map.ofEntries(Map.entry("a", Set.of("href")), Map.entry("applet", Set.of("codebase")),
            Map.entry("area", Set.of("href")), Map.entry("audio", Set.of("src")), Map.entry("base", Set.of("href")),
            Map.entry("blockquote", Set.of("cite")), Map.entry("body", Set.of("background")), Map.entry("button", Set.of("formaction")),
            Map.entry("command", Set.of("icon")), Map.entry("del", Set.of("cite")), Map.entry("embed", Set.of("src")),
            Map.entry("form", Set.of("action")), Map.entry("frame", Set.of("longdesc", "src")), Map.entry("head", Set.of("profile")),
            Map.entry("html", Set.of("manifest")), Map.entry("iframe", Set.of("longdesc", "src")),
            Map.entry("img", Set.of("longdesc", "src", "usemap")), Map.entry("input", Set.of("src", "usemap", "formaction")),
            Map.entry("ins", Set.of("cite")), Map.entry("link", Set.of("href")),
            Map.entry("object", Set.of("classid", "codebase", "data", "usemap")), Map.entry("q", Set.of("cite")),
            Map.entry("script", Set.of("src")), Map.entry("source", Set.of("src")), Map.entry("video", Set.of("poster", "src")));

    private final List<String> own;
    private final String prefix;

    /** @param host of the back-end, with its port @param prefix path of this API before the back-end's */
    Links(String host, String prefix) {
        this.own = List.of("http://" + host, "https://" + host);
        this.prefix = prefix;
    }

    String page(String html) {
        return TAG.matcher(html).replaceAll(m -> {
            Set<String> attributes = LINKS.getOrDefault(m.group(1).toLowerCase(Locale.ROOT), Set.of());
            return Matcher.quoteReplacement(attributes.isEmpty() ? m.group() : "<" + m.group(1) + attributes(m.group(2), attributes) + ">");
        });
    }

    private String attributes(String text, Set<String> links) {
        return ATTRIBUTE.matcher(text).replaceAll(m -> {
            if (!links.contains(m.group(2).toLowerCase(Locale.ROOT))) {
                return Matcher.quoteReplacement(m.group());
            }
            String value = m.group(4) != null ? m.group(4) : m.group(5) != null ? m.group(5) : m.group(6);
            return Matcher.quoteReplacement(m.group(1) + m.group(2) + m.group(3) + '"' + link(value) + '"');
        });
    }

    /** A relative link stays, and one to another host; one that goes through the proxy already, too. */
    String link(String link) {
        String lower = link.toLowerCase(Locale.ROOT);
        for (String host : own) {
            if (lower.equals(host) || lower.startsWith(host + "/") || lower.startsWith(host + "?")) {
                return below(link.substring(host.length()));
            }
        }
        return link.startsWith("/") && !link.startsWith("//") ? below(link) : link;
    }

    private String below(String path) {
        return path.startsWith(prefix) ? path : prefix + path;
    }
}
