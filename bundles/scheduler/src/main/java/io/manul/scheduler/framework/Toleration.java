package io.manul.scheduler.framework;

import io.manul.json.Obj;
import java.util.List;

/** core/v1 Toleration. */
public record Toleration(String key, boolean exists, String value, String effect) {

    static Toleration of(Obj t) {
        return new Toleration(t.text("key"), t.text("operator").equals("Exists"), t.text("value"), t.text("effect"));
    }

    public boolean tolerates(NodeFacts.Taint taint) {
        return (effect.isEmpty() || effect.equals(taint.effect())) && (key.isEmpty() ? exists : key.equals(taint.key()))
                && (exists || value.equals(taint.value()));
    }

    public static boolean any(List<Toleration> all, NodeFacts.Taint taint) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).tolerates(taint)) {
                return true;
            }
        }
        return false;
    }
}
