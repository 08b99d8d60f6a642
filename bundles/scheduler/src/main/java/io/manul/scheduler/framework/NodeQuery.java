package io.manul.scheduler.framework;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which nodes: labels that must be there, and terms of which one must hold (core/v1 NodeSelector). Immutable. */
public final class NodeQuery {

    private static final String NAME = "metadata.name";

    /** A NodeSelectorTerm; an empty one matches nothing. */
    private record Term(LabelQuery labels, LabelQuery fields) {

        static Term of(Obj term) {
            LabelQuery labels = LabelQuery.of(term.objects("matchExpressions"));
            LabelQuery fields = LabelQuery.of(term.objects("matchFields"));
            return labels.isEverything() && fields.isEverything() ? new Term(LabelQuery.NOTHING, LabelQuery.NOTHING) : new Term(labels, fields);
        }

        boolean matches(NodeFacts node) {
            return labels.matches(node.labels()) && (fields.isEverything() || fields.matches(Map.of(NAME, node.name())));
        }
    }

    public static final NodeQuery ANY = new NodeQuery(LabelQuery.EVERYTHING, null);

    private final LabelQuery labels;
    /** Null: no terms are asked for. */
    private final List<Term> terms;

    private NodeQuery(LabelQuery labels, List<Term> terms) {
        this.labels = labels;
        this.terms = terms;
    }

    /** A pod's nodeSelector and required node affinity. */
    static NodeQuery of(Obj spec) {
        Map<String, String> selector = spec.stringMap("nodeSelector");
        Optional<Obj> required = spec.object("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return selector.isEmpty() && required.isEmpty() ? ANY
                : new NodeQuery(selector.isEmpty() ? LabelQuery.EVERYTHING : LabelQuery.of(selector), required.map(NodeQuery::terms).orElse(null));
    }

    /** A core/v1 NodeSelector by itself. */
    public static NodeQuery selector(Obj nodeSelector) {
        return new NodeQuery(LabelQuery.EVERYTHING, terms(nodeSelector));
    }

    /** One NodeSelectorTerm by itself, as a preference has it; unlike a required one it matches everything when empty. */
    public static NodeQuery term(Obj term) {
        return term.objects("matchExpressions").isEmpty() && term.objects("matchFields").isEmpty() ? ANY
                : new NodeQuery(LabelQuery.EVERYTHING, List.of(Term.of(term)));
    }

    private static List<Term> terms(Obj selector) {
        return selector.objects("nodeSelectorTerms").stream().map(Term::of).toList();
    }

    public boolean matches(NodeFacts node) {
        if (!labels.matches(node.labels())) {
            return false;
        }
        if (terms == null) {
            return true;
        }
        for (int i = 0; i < terms.size(); i++) {
            if (terms.get(i).matches(node)) {
                return true;
            }
        }
        return false;
    }

    /** The only nodes that can match, by name, when every term names its node; empty: any. */
    public Optional<Set<String>> names() {
        if (terms == null || terms.isEmpty()) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>();
        for (Term t : terms) {
            List<String> values = t.fields.in(NAME);
            if (values == null) {
                return Optional.empty();
            }
            new ArrayList<>(values).stream().filter(v -> t.fields.matches(Map.of(NAME, v))).forEach(names::add);
        }
        return Optional.of(names);
    }
}
