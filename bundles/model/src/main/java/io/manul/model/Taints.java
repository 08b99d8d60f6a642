package io.manul.model;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Taints and tolerations (Kubernetes, "Taints and Tolerations"). */
public final class Taints {

    private Taints() {
    }

    /** The first taint with one of these effects that no toleration covers. */
    public static Optional<Obj> untolerated(List<Obj> taints, List<Obj> tolerations, Set<String> effects) {
        return taints.stream().filter(t -> effects.contains(t.text("effect")))
                .filter(t -> tolerations.stream().noneMatch(o -> tolerates(o, t))).findFirst();
    }

    public static boolean tolerates(Obj toleration, Obj taint) {
        String effect = toleration.text("effect");
        if (!effect.isEmpty() && !effect.equals(taint.text("effect"))) {
            return false;
        }
        String key = toleration.text("key");
        if (!key.isEmpty() && !key.equals(taint.text("key"))) {
            return false;
        }
        return switch (toleration.text("operator")) {
            case "Exists" -> true;
            case "", "Equal" -> !key.isEmpty() && toleration.text("value").equals(taint.text("value"));
            default -> false;
        };
    }
}
