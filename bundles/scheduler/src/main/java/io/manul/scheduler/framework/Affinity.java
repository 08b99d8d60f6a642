package io.manul.scheduler.framework;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pod's wishes to be near, or not near, other pods (core/v1 PodAffinity and PodAntiAffinity). */
public record Affinity(List<Term> required, List<Term> requiredAnti, List<Term> preferred, List<Term> preferredAnti) {

    public static final Affinity NONE = new Affinity(List.of(), List.of(), List.of(), List.of());

    /**
     * A PodAffinityTerm. matchLabelKeys are in the selector already: the API server puts them there.
     *
     * @param namespaces by name; empty with no selector of namespaces: the pod's own, which is in it
     * @param weight     1 to 100 of a preferred one
     */
    public record Term(Set<String> namespaces, LabelQuery namespaceQuery, LabelQuery pods, String topologyKey, int weight) {

        /** @param labels of the other pod's namespace */
        public boolean matches(PodInfo other, Map<String, String> labels) {
            return (namespaces.contains(other.key().namespace()) || namespaceQuery != LabelQuery.NOTHING && namespaceQuery.matches(labels))
                    && pods.matches(other.id().labels());
        }
    }

    public boolean isNone() {
        return required.isEmpty() && requiredAnti.isEmpty() && preferred.isEmpty() && preferredAnti.isEmpty();
    }

    static Affinity of(Obj pod) {
        Obj affinity = pod.at("spec", "affinity");
        if (!affinity.has("podAffinity") && !affinity.has("podAntiAffinity")) {
            return NONE;
        }
        return new Affinity(required(affinity.at("podAffinity"), pod), required(affinity.at("podAntiAffinity"), pod),
                preferred(affinity.at("podAffinity"), pod), preferred(affinity.at("podAntiAffinity"), pod));
    }

    private static List<Term> required(Obj affinity, Obj pod) {
        return affinity.objects("requiredDuringSchedulingIgnoredDuringExecution").stream().map(t -> term(t, pod, 0)).toList();
    }

    private static List<Term> preferred(Obj affinity, Obj pod) {
        return affinity.objects("preferredDuringSchedulingIgnoredDuringExecution").stream().filter(w -> w.number("weight").orElse(0) != 0)
                .map(w -> term(w.at("podAffinityTerm"), pod, (int) w.number("weight").orElse(0))).toList();
    }

    private static Term term(Obj term, Obj pod, int weight) {
        Set<String> names = Set.copyOf(term.strings("namespaces"));
        if (names.isEmpty() && term.object("namespaceSelector").isEmpty()) {
            names = Set.of(pod.namespace());
        }
        return new Term(names, LabelQuery.at(term, "namespaceSelector"), LabelQuery.at(term, "labelSelector"), term.text("topologyKey"), weight);
    }
}
