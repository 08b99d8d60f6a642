package io.manul.controllers.sets.statefulset;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The PersistentVolumeClaims of a pod, by the StatefulSet's templates. Pure. */
final class Claims {

    private Claims() {
    }

    static String name(Obj set, Obj template, int ordinal) {
        return template.name() + "-" + set.name() + "-" + ordinal;
    }

    /** The names of the claims of a pod. */
    static List<String> names(Obj set, Obj pod) {
        return set.objects("spec", "volumeClaimTemplates").stream().map(t -> name(set, t, Identity.ordinal(pod))).toList();
    }

    /** The claims that a pod needs, as they are made. */
    static List<Obj> of(Obj set, Obj pod) {
        List<Obj> claims = new ArrayList<>();
        for (Obj template : set.objects("spec", "volumeClaimTemplates")) {
            Obj labels = template.at("metadata", "labels").copy();
            set.stringMap("spec", "selector", "matchLabels").forEach(labels::put);
            claims.add(Obj.of("apiVersion", "v1", "kind", "PersistentVolumeClaim", "metadata", Obj.of(
                    "name", name(set, template, Identity.ordinal(pod)), "namespace", set.namespace(), "labels", labels,
                    "annotations", template.get("metadata", "annotations"), "finalizers", template.get("metadata", "finalizers")),
                    "spec", template.at("spec").copy()));
        }
        return claims;
    }

    /** A volume for every claim; it takes the place of a volume of that name in the pod's template. */
    static void mount(Obj set, Obj pod) {
        Map<String, Obj> mounted = set.objects("spec", "volumeClaimTemplates").stream().collect(Collectors.toMap(Obj::name,
                t -> Obj.of("name", t.name(), "persistentVolumeClaim", Obj.of("claimName", name(set, t, Identity.ordinal(pod)))), (a, b) -> b,
                java.util.LinkedHashMap::new));
        if (mounted.isEmpty()) {
            return;
        }
        List<Obj> volumes = new ArrayList<>(mounted.values());
        pod.objects("spec", "volumes").stream().filter(v -> !mounted.containsKey(v.text("name"))).forEach(volumes::add);
        pod.make("spec").put("volumes", volumes);
    }

    /** Every claim is among the pod's volumes. */
    static boolean mounted(Obj set, Obj pod) {
        Map<String, String> claims = pod.objects("spec", "volumes").stream()
                .collect(Collectors.toMap(v -> v.text("name"), v -> v.text("persistentVolumeClaim", "claimName"), (a, b) -> b));
        return set.objects("spec", "volumeClaimTemplates").stream()
                .allMatch(t -> name(set, t, Identity.ordinal(pod)).equals(claims.get(t.name())));
    }
}
