package io.manul.network.dns.config;

import io.manul.network.dns.wire.Answer;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import java.util.List;
import java.util.Optional;

/** What serves some zones (coredns.io, "Corefile", server blocks). @param cacheSeconds 0: nothing is kept */
public record Block(List<Name> zones, boolean log, boolean errors, int cacheSeconds, int denialSeconds, List<Rewrite> rewrites,
        Hosts hosts, List<Template> templates, List<ForwardRule> forwards) {


    /** The first template that has something to say. */
    public Optional<Answer> template(Question question) {
        return templates.stream().map(t -> t.answer(question)).flatMap(Optional::stream).findFirst();
    }

    /** What asks for another name; the question's own when no rule matches. */
    public Name rewritten(Name name) {
        Name now = name;
        for (Rewrite r : rewrites) {
            Optional<Name> next = r.apply(now);
            if (next.isPresent()) {
                now = next.get();
                if (!r.more()) {
                    return now;
                }
            }
        }
        return now;
    }

    /** The rule with the longest zone. */
    public Optional<ForwardRule> forward(Name name) {
        return forwards.stream().filter(f -> f.covers(name)).max(java.util.Comparator.comparingInt(f -> f.zone().labels().size()));
    }
}
