package io.manul.controllers.autoscale.horizontal;

import io.manul.json.Obj;
import io.manul.model.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A label selector written as text, as a Scale's status and queries have it (Kubernetes, "Labels and Selectors"), and back. Pure. */
final class TextSelector {

    private static final Pattern TERM = Pattern.compile("\\s*(!)?\\s*([A-Za-z0-9][-._/A-Za-z0-9]*)\\s*"
            + "(?:(==|=|!=)\\s*([-._A-Za-z0-9]*)|(in|notin)\\s*\\(([-._,\\sA-Za-z0-9]*)\\))?\\s*(?:,|$)");

    private TextSelector() {
    }

    /** Empty when it is none. */
    static Optional<Selector> parse(String text) {
        List<Obj> all = new ArrayList<>();
        Matcher m = TERM.matcher(text);
        int at = 0;
        while (at < text.length() && m.find(at) && m.start() == at) {
            all.add(term(m));
            at = m.end();
        }
        return at == text.length() ? Optional.of(Selector.of(Obj.of("matchExpressions", all))) : Optional.empty();
    }

    private static Obj term(Matcher m) {
        String key = m.group(2);
        if (m.group(1) != null) {
            return Obj.of("key", key, "operator", "DoesNotExist");
        }
        if (m.group(3) != null) {
            return Obj.of("key", key, "operator", m.group(3).equals("!=") ? "NotIn" : "In", "values", List.of(m.group(4)));
        }
        if (m.group(5) != null) {
            return Obj.of("key", key, "operator", m.group(5).equals("in") ? "In" : "NotIn", "values",
                    Arrays.stream(m.group(6).split(",")).map(String::strip).toList());
        }
        return Obj.of("key", key, "operator", "Exists");
    }

    /** A LabelSelector as text; empty text for none. */
    static String of(Obj selector) {
        List<String> parts = new ArrayList<>();
        selector.stringMap("matchLabels").forEach((k, v) -> parts.add(k + "=" + v));
        for (Obj x : selector.objects("matchExpressions")) {
            String values = " (" + String.join(",", x.strings("values")) + ")";
            parts.add(switch (x.text("operator")) {
                case "In" -> x.text("key") + " in" + values;
                case "NotIn" -> x.text("key") + " notin" + values;
                case "DoesNotExist" -> "!" + x.text("key");
                default -> x.text("key");
            });
        }
        parts.sort(null);
        return String.join(",", parts);
    }
}
