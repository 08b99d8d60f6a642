package io.manul.controllers.autoscale.horizontal;

import io.manul.json.Obj;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Conditions of an autoscaler's status: AbleToScale, ScalingActive, ScalingLimited. */
final class Conditions {

    private Conditions() {
    }

    static void set(Obj autoscaler, String type, String value, String reason, String message, Instant now) {
        Obj status = autoscaler.make("status");
        Optional<Obj> there = status.objects("conditions").stream().filter(c -> c.text("type").equals(type)).findFirst();
        Obj condition = there.orElseGet(() -> Obj.of("type", type));
        if (!condition.text("status").equals(value)) {
            condition.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition.put("status", value).put("reason", reason).put("message", message);
        if (there.isEmpty()) {
            status.list("conditions").add(condition.map());
        }
    }
}
