package io.manul.apiserver.kinds.misc;

import io.manul.apiserver.kinds.Cells;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Columns of HorizontalPodAutoscaler (autoscaling/v2): each metric as current/target. */
public final class AutoscalerColumns {

    private static final String UNKNOWN = "<unknown>";
    private static final int MOST = 2;

    public static final Cells AUTOSCALER = new Cells()
            .text("Reference", h -> h.text("spec", "scaleTargetRef", "kind") + "/" + h.text("spec", "scaleTargetRef", "name"))
            .text("Targets", AutoscalerColumns::targets)
            .text("MinPods", h -> h.has("spec", "minReplicas") ? Long.toString(h.number("spec", "minReplicas").orElse(0)) : "<unset>")
            .text("MaxPods", Cells.count("spec", "maxReplicas")).text("Replicas", Cells.count("status", "currentReplicas")).age();

    private AutoscalerColumns() {
    }

    private static String targets(Obj autoscaler) {
        List<Obj> wanted = autoscaler.objects("spec", "metrics");
        List<Obj> seen = autoscaler.objects("status", "currentMetrics");
        List<String> all = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            all.add(target(wanted.get(i), i < seen.size() ? seen.get(i) : Obj.of()));
        }
        return Cells.or(Cells.some(all, MOST, ", "), "<none>");
    }

    private static String target(Obj metric, Obj status) {
        return switch (metric.text("type")) {
            case "External" -> amount(metric.at("external", "target"), status.at("external", "current"));
            case "Object" -> amount(metric.at("object", "target"), status.at("object", "current"));
            case "Pods" -> pair(metric.at("pods", "target"), status.at("pods", "current"), "averageValue");
            case "Resource" -> resource(metric.at("resource"), status.at("resource", "current"));
            case "ContainerResource" -> resource(metric.at("containerResource"), status.at("containerResource", "current"));
            default -> "<unknown type>";
        };
    }

    private static String amount(Obj target, Obj current) {
        return target.has("averageValue") ? pair(target, current, "averageValue") + " (avg)" : pair(target, current, "value");
    }

    private static String resource(Obj metric, Obj current) {
        Obj target = metric.at("target");
        return metric.text("name") + ": " + (target.has("averageValue") ? pair(target, current, "averageValue")
                : percent(current.number("averageUtilization"), UNKNOWN) + "/" + percent(target.number("averageUtilization"), "<auto>"));
    }

    private static String pair(Obj target, Obj current, String key) {
        return Cells.quantity(current.get(key), UNKNOWN) + "/" + Cells.quantity(target.get(key), "0");
    }

    private static String percent(OptionalLong n, String otherwise) {
        return n.isPresent() ? n.getAsLong() + "%" : otherwise;
    }
}
