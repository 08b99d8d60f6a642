package io.manul.apiserver.engine.kind;

import io.manul.json.Json;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * autoscaling/v1 over stored autoscaling/v2 HorizontalPodAutoscalers: the CPU utilization target is a field, everything else
 * that only v2 has is kept in the annotations that upstream uses for it.
 */
public final class AutoscalerForm extends Form.Converted {

    private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
    private static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    private static final String CURRENT = "autoscaling.alpha.kubernetes.io/current-metrics";

    @Override
    public String apiVersion() {
        return "autoscaling/v1";
    }

    @Override
    public Obj show(Obj object) {
        object.put("apiVersion", apiVersion());
        object.object("spec").ifPresent(spec -> showSpec(object, spec));
        object.object("status").ifPresent(status -> {
            cpu(status.objects("currentMetrics"), "current").ifPresent(cpu -> status.put("currentCPUUtilizationPercentage",
                    cpu.get("resource", "current", "averageUtilization")));
            toAnnotation(object, status, "currentMetrics", CURRENT);
            toAnnotation(object, status, "conditions", CONDITIONS);
        });
        return object;
    }

    private static void showSpec(Obj object, Obj spec) {
        List<Obj> metrics = spec.objects("metrics");
        Optional<Obj> cpu = cpu(metrics, "target");
        cpu.ifPresent(m -> spec.put("targetCPUUtilizationPercentage", m.get("resource", "target", "averageUtilization")));
        List<Obj> others = metrics.stream().filter(m -> cpu.filter(m::equals).isEmpty()).toList();
        spec.remove("metrics");
        if (!others.isEmpty()) {
            object.make("metadata", "annotations").put(METRICS, Json.text(others));
        }
        toAnnotation(object, spec, "behavior", BEHAVIOR);
    }

    @Override
    public Obj store(Obj object) {
        object.put("apiVersion", "autoscaling/v2");
        object.object("spec").ifPresent(spec -> {
            List<Object> metrics = new ArrayList<>();
            if (spec.remove("targetCPUUtilizationPercentage") instanceof Long percent) {
                metrics.add(Obj.of("type", "Resource", "resource", Obj.of("name", "cpu", "target",
                        Obj.of("type", "Utilization", "averageUtilization", percent))).map());
            }
            fromAnnotation(object, METRICS).ifPresent(v -> {
                if (v instanceof List<?> more) {
                    metrics.addAll(more);
                }
            });
            if (!metrics.isEmpty()) {
                spec.put("metrics", metrics);
            }
            fromAnnotation(object, BEHAVIOR).ifPresent(v -> spec.put("behavior", v));
        });
        object.object("status").ifPresent(status -> {
            status.remove("currentCPUUtilizationPercentage");
            fromAnnotation(object, CURRENT).ifPresent(v -> status.put("currentMetrics", v));
            fromAnnotation(object, CONDITIONS).ifPresent(v -> status.put("conditions", v));
        });
        return object;
    }

    private static Optional<Obj> cpu(List<Obj> metrics, String part) {
        return metrics.stream().filter(m -> m.text("type").equals("Resource") && m.text("resource", "name").equals("cpu")
                && m.has("resource", part, "averageUtilization")).findFirst();
    }

    private static void toAnnotation(Obj object, Obj from, String field, String annotation) {
        Object value = from.remove(field);
        if (value != null) {
            object.make("metadata", "annotations").put(annotation, Json.text(value));
        }
    }

    private static Optional<Object> fromAnnotation(Obj object, String annotation) {
        return object.remove("metadata", "annotations", annotation) instanceof String text
                ? Optional.ofNullable(Json.parse(text)) : Optional.empty();
    }
}
