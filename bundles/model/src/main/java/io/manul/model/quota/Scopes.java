package io.manul.model.quota;

import io.manul.json.Obj;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which objects a quota is for, by its scopes and its scopeSelector: those that all of them match. */
public final class Scopes {

    private Scopes() {
    }

    /** @param groupResource {@code pods}, {@code deployments.apps} */
    public static boolean match(Obj quota, String groupResource, Obj object) {
        return quota.strings("spec", "scopes").stream().allMatch(s -> match(s, Obj.of("operator", "Exists"), groupResource, object))
                && quota.objects("spec", "scopeSelector", "matchExpressions").stream()
                        .allMatch(e -> match(e.text("scopeName"), e, groupResource, object));
    }

    private static boolean match(String scope, Obj requirement, String groupResource, Obj object) {
        if (groupResource.equals("persistentvolumeclaims") && scope.equals("VolumeAttributesClass")) {
            return named(requirement, attributes(object));
        }
        return groupResource.equals("pods") && switch (scope) {
            case "Terminating" -> object.number("spec", "activeDeadlineSeconds").orElse(-1) >= 0;
            case "NotTerminating" -> object.number("spec", "activeDeadlineSeconds").orElse(-1) < 0;
            case "BestEffort" -> bestEffort(object);
            case "NotBestEffort" -> !bestEffort(object);
            case "PriorityClass" -> named(requirement, one(object.text("spec", "priorityClassName")));
            case "CrossNamespacePodAffinity" -> Stream.of("podAffinity", "podAntiAffinity").anyMatch(a -> elsewhere(object.at("spec", "affinity", a)));
            default -> false;
        };
    }

    private static Set<String> one(String name) {
        return name.isEmpty() ? Set.of() : Set.of(name);
    }

    private static Set<String> attributes(Obj claim) {
        Set<String> names = new TreeSet<>();
        names.add(claim.text("spec", "volumeAttributesClassName"));
        names.add(claim.text("status", "currentVolumeAttributesClassName"));
        names.add(claim.text("status", "modifyVolumeStatus", "targetVolumeAttributesClassName"));
        names.remove("");
        return names;
    }

    private static boolean named(Obj requirement, Set<String> names) {
        List<String> values = requirement.strings("values");
        return switch (requirement.text("operator")) {
            case "Exists" -> !names.isEmpty();
            case "DoesNotExist" -> names.isEmpty();
            case "In" -> names.stream().anyMatch(values::contains);
            case "NotIn" -> names.isEmpty() || names.stream().anyMatch(n -> !values.contains(n));
            default -> false;
        };
    }

    /** Quality of service: nothing asks for cpu or memory, and nothing limits them. */
    private static boolean bestEffort(Obj pod) {
        List<Obj> all = new ArrayList<>(pod.objects("spec", "containers"));
        all.addAll(pod.objects("spec", "initContainers"));
        all.add(pod.at("spec"));
        return all.stream().noneMatch(c -> Stream.of("requests", "limits").anyMatch(which -> Stream.of("cpu", "memory")
                .anyMatch(name -> Amount.of(c.get("resources", which, name)).value().compareTo(BigDecimal.ZERO) > 0)));
    }

    private static boolean elsewhere(Obj affinity) {
        return Stream.concat(affinity.objects("requiredDuringSchedulingIgnoredDuringExecution").stream(),
                affinity.objects("preferredDuringSchedulingIgnoredDuringExecution").stream().map(w -> w.at("podAffinityTerm")))
                .anyMatch(t -> !t.strings("namespaces").isEmpty() || t.has("namespaceSelector"));
    }
}
