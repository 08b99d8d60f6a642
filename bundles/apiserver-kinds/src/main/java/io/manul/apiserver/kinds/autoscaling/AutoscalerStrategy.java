package io.manul.apiserver.kinds.autoscaling;

import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.misc.AutoscalerColumns;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;

/** HorizontalPodAutoscaler (autoscaling/v2, which autoscaling/v1 is converted to). */
public final class AutoscalerStrategy implements Strategy {

    private static final int CPU_PERCENT = 80;

    @Override
    public void defaults(Obj autoscaler) {
        Obj spec = autoscaler.make("spec");
        Defaults.fill(spec, "minReplicas", 1);
        if (spec.objects("metrics").isEmpty()) {
            spec.put("metrics", List.of(Obj.of("type", "Resource", "resource", Obj.of("name", "cpu", "target",
                    Obj.of("type", "Utilization", "averageUtilization", CPU_PERCENT)))));
        }
        if (spec.has("behavior")) {
            Obj behavior = spec.make("behavior");
            Defaults.fill(behavior.make("scaleUp"), "stabilizationWindowSeconds", 0, "selectPolicy", "Max",
                    "policies", List.of(policy("Pods", 4), policy("Percent", 100)));
            Defaults.fill(behavior.make("scaleDown"), "selectPolicy", "Max", "policies", List.of(policy("Percent", 100)));
        }
    }

    private static Obj policy(String type, int value) {
        return Obj.of("type", type, "value", value, "periodSeconds", 15);
    }

    @Override
    public void validate(Obj autoscaler, FieldErrors e) {
        Obj spec = autoscaler.at("spec");
        long min = spec.number("minReplicas").orElse(1);
        long max = spec.number("maxReplicas").orElse(0);
        if (min < 1) {
            e.invalid("spec.minReplicas", min, "must be greater than or equal to 1");
        }
        if (max == 0) {
            e.required("spec.maxReplicas", "must be set and greater than 0");
        } else if (max < 0) {
            e.invalid("spec.maxReplicas", max, "must be greater than or equal to 1");
        }
        if (max < min) {
            e.invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
        }
        MetricRules.reference(spec.at("scaleTargetRef"), "spec.scaleTargetRef", e);
        MetricRules.check(spec.objects("metrics"), "spec.metrics", e);
        BehaviorRules.check(spec.at("behavior"), "spec.behavior", e);
    }

    @Override
    public void validateStatus(Obj autoscaler, Obj old, FieldErrors e) {
        for (String field : List.of("currentReplicas", "desiredReplicas")) {
            autoscaler.number("status", field).ifPresent(v -> Texts.notNegative(v, "status." + field, e));
        }
    }

    @Override
    public boolean generation() {
        return false;
    }

    @Override
    public List<Column> columns() {
        return AutoscalerColumns.AUTOSCALER.columns();
    }

    @Override
    public List<Object> cells(Obj autoscaler, Instant now) {
        return AutoscalerColumns.AUTOSCALER.of(autoscaler, now);
    }
}
