package io.manul.apiserver.kinds.autoscaling;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.List;
import java.util.Set;

/** Validation of an autoscaler's behavior (autoscaling/v2 HPAScalingRules). */
final class BehaviorRules {

    private static final int MOST_WINDOW_SECONDS = 3600;
    private static final int MOST_PERIOD_SECONDS = 1800;

    private BehaviorRules() {
    }

    static void check(Obj behavior, String path, FieldErrors e) {
        for (String direction : List.of("scaleUp", "scaleDown")) {
            if (behavior.has(direction)) {
                rules(behavior.at(direction), path + "." + direction, e);
            }
        }
    }

    private static void rules(Obj rules, String path, FieldErrors e) {
        long window = rules.number("stabilizationWindowSeconds").orElse(0);
        if (window < 0) {
            e.invalid(path + ".stabilizationWindowSeconds", window, "must be greater than or equal to zero");
        } else if (window > MOST_WINDOW_SECONDS) {
            e.invalid(path + ".stabilizationWindowSeconds", window, "must be less than or equal to " + MOST_WINDOW_SECONDS);
        }
        Texts.oneOf(rules.text("selectPolicy"), path + ".selectPolicy", Set.of("Disabled", "Max", "Min"), e);
        List<Obj> policies = rules.objects("policies");
        if (policies.isEmpty()) {
            e.required(path + ".policies", "must specify at least one Policy");
        }
        for (int i = 0; i < policies.size(); i++) {
            policy(policies.get(i), path + ".policies[" + i + "]", e);
        }
        Object tolerance = rules.get("tolerance");
        if (tolerance != null && Quantity.parse(String.valueOf(tolerance)).map(q -> q.signum() < 0).orElse(false)) {
            e.invalid(path + ".tolerance", tolerance, "must be greater than or equal to 0");
        }
    }

    private static void policy(Obj policy, String path, FieldErrors e) {
        if (!policy.text("type").equals("Pods") && !policy.text("type").equals("Percent")) {
            e.notSupported(path + ".type", policy.text("type"), Set.of("Pods", "Percent"));
        }
        long value = policy.number("value").orElse(0);
        if (value <= 0) {
            e.invalid(path + ".value", value, "must be greater than zero");
        }
        long period = policy.number("periodSeconds").orElse(0);
        if (period <= 0) {
            e.invalid(path + ".periodSeconds", period, "must be greater than zero");
        } else if (period > MOST_PERIOD_SECONDS) {
            e.invalid(path + ".periodSeconds", period, "must be less than or equal to " + MOST_PERIOD_SECONDS);
        }
    }
}
