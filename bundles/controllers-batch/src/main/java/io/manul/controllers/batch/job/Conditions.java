package io.manul.controllers.batch.job;

import io.manul.json.Obj;
import java.util.Optional;

/** Conditions of a Job's status (batch/v1 JobCondition). Pure. */
final class Conditions {

    private Conditions() {
    }

    static Optional<Obj> find(Obj status, String type) {
        return status.objects("conditions").stream().filter(c -> c.text("type").equals(type)).findFirst();
    }

    static boolean holds(Obj status, String type) {
        return holding(status, type).isPresent();
    }

    static Optional<Obj> holding(Obj status, String type) {
        return find(status, type).filter(c -> c.text("status").equals("True"));
    }

    static Obj of(String type, String value, String reason, String message, String now) {
        return Obj.of("type", type, "status", value, "lastProbeTime", now, "lastTransitionTime", now, "reason", reason, "message", message);
    }

    /** True when the list changed; a condition that is not there is not added to say that it does not hold. */
    static boolean ensure(Obj status, Obj wanted) {
        Optional<Obj> there = find(status, wanted.text("type"));
        if (there.isEmpty()) {
            if (wanted.text("status").equals("False")) {
                return false;
            }
            status.list("conditions").add(wanted.map());
            return true;
        }
        Obj c = there.get();
        boolean same = c.text("status").equals(wanted.text("status")) && c.text("reason").equals(wanted.text("reason"))
                && c.text("message").equals(wanted.text("message"));
        if (!same) {
            c.map().clear();
            c.map().putAll(wanted.map());
        }
        return !same;
    }
}
