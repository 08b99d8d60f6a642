package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.Comparator;
import java.util.Optional;

/** Resolves a pod's priority class to its value (Kubernetes, "Pod Priority and Preemption"). */
public final class Priority implements Admission {

    private static final String GROUP = "scheduling.k8s.io";
    private static final long MOST_FOR_USERS = 1_000_000_000;

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public void mutate(Write w) throws ApiException {
        boolean pod = w.resource().group().isEmpty() && w.resource().plural().equals("pods") && w.subresource().isEmpty();
        if (!pod || w.operation() != Operation.CREATE) {
            return;
        }
        Obj spec = w.object().make("spec");
        String name = spec.text("priorityClassName");
        Optional<Obj> chosen = name.isEmpty()
                ? w.reader().list(GROUP, "priorityclasses", "").stream().filter(c -> c.flag("globalDefault"))
                        .min(Comparator.comparingLong(c -> c.number("value").orElse(0)))
                : Optional.of(w.reader().get(GROUP, "priorityclasses", "", name).orElseThrow(() -> ApiException.forbidden("", "pods",
                        ShownName.of(w.object()), "no PriorityClass with name " + name + " was found")));
        long value = chosen.map(c -> c.number("value").orElse(0)).orElse(0L);
        if (spec.has("priority") && spec.number("priority").orElse(0) != value) {
            throw ApiException.forbidden("", "pods", ShownName.of(w.object()), "the integer value of priority (" + spec.get("priority")
                    + ") must not be provided in pod spec; priority admission controller computed " + value + " from the given PriorityClass name");
        }
        chosen.filter(c -> name.isEmpty()).ifPresent(c -> spec.put("priorityClassName", c.name()));
        spec.put("priority", value);
        String policy = chosen.map(c -> c.text("preemptionPolicy")).filter(p -> !p.isEmpty()).orElse("PreemptLowerPriority");
        spec.put("preemptionPolicy", policy);
    }

    @Override
    public void validate(Write w) throws ApiException {
        if (!w.resource().group().equals(GROUP) || !w.resource().plural().equals("priorityclasses") || w.operation() == Operation.DELETE) {
            return;
        }
        long value = w.object().number("value").orElse(0);
        boolean system = w.object().name().startsWith("system-");
        if (value > MOST_FOR_USERS && !(system && w.user().groups().contains("system:masters"))) {
            throw ApiException.invalid(GROUP, "PriorityClass", w.object().name(), new FieldErrors().forbidden("value",
                    "maximum allowed value of a user defined priority is " + MOST_FOR_USERS));
        }
        if (w.object().flag("globalDefault") && w.reader().list(GROUP, "priorityclasses", "").stream()
                .anyMatch(c -> c.flag("globalDefault") && !c.name().equals(w.object().name()))) {
            throw ApiException.forbidden(GROUP, "priorityclasses", w.object().name(), "PriorityClass is already marked as default");
        }
    }
}
