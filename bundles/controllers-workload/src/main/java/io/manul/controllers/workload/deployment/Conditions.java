package io.manul.controllers.workload.deployment;

import io.manul.json.Obj;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a Deployment while its status is made. One with the same status and reason stays as it is, message and
 * times included; the transition time moves with the status only (API reference, DeploymentCondition).
 */
final class Conditions {

    private final List<Obj> all;
    private final Instant now;

    Conditions(Obj deployment, Instant now) {
        this.all = new ArrayList<>(deployment.objects("status", "conditions").stream().map(Obj::copy).toList());
        this.now = now;
    }

    Optional<Obj> get(String type) {
        return all.stream().filter(c -> c.text("type").equals(type)).findFirst();
    }

    boolean because(String type, String reason) {
        return get(type).map(c -> c.text("reason").equals(reason)).orElse(false);
    }

    void set(String type, String status, String reason, String message) {
        if (get(type).filter(c -> c.text("status").equals(status) && c.text("reason").equals(reason)).isEmpty()) {
            renew(type, status, reason, message);
        }
    }

    /** Sets it with a new update time, even where nothing else changes. */
    void renew(String type, String status, String reason, String message) {
        Optional<Obj> was = get(type);
        String since = was.filter(c -> c.text("status").equals(status)).map(c -> c.text("lastTransitionTime")).orElse(now.toString());
        Obj made = Obj.of("type", type, "status", status, "reason", reason, "message", message, "lastUpdateTime", now.toString(),
                "lastTransitionTime", since);
        remove(type);
        all.add(made);
    }

    void remove(String type) {
        all.removeIf(c -> c.text("type").equals(type));
    }

    /** How long ago it was last updated. */
    static Duration age(Obj condition, Instant now) {
        return Duration.between(Instant.parse(condition.text("lastUpdateTime")), now);
    }

    List<Obj> all() {
        return all;
    }
}
