package io.manul.apiserver.kinds.autoscaling;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Validation of an autoscaler's metrics (autoscaling/v2 MetricSpec). */
final class MetricRules {

    /** The field that each type of metric has. */
    private static final Map<String, String> SOURCES = Map.of("Object", "object", "External", "external", "Pods", "pods", "Resource",
            "resource",
            "ContainerResource", "containerResource");
    private static final Set<String> TARGETS = Set.of("Utilization", "Value", "AverageValue");

    private MetricRules() {
    }

    static void reference(Obj reference, String path, FieldErrors e) {
        for (String field : List.of("kind", "name")) {
            if (reference.text(field).isEmpty()) {
                e.required(path + "." + field, "");
            } else {
                segment(reference.text(field), path + "." + field, e);
            }
        }
        if (reference.text("apiVersion").chars().filter(c -> c == '/').count() > 1) {
            e.invalid(path + ".apiVersion", reference.text("apiVersion"), "unexpected GroupVersion string: "
                    + reference.text("apiVersion"));
        }
    }

    private static void segment(String value, String path, FieldErrors e) {
        if (value.equals(".") || value.equals("..")) {
            e.invalid(path, value, "may not be '" + value + "'");
        }
        for (String c : List.of("/", "%")) {
            if (value.contains(c)) {
                e.invalid(path, value, "may not contain '" + c + "'");
            }
        }
    }

    static void check(List<Obj> metrics, String path, FieldErrors e) {
        for (int i = 0; i < metrics.size(); i++) {
            metric(metrics.get(i), path + "[" + i + "]", e);
        }
    }

    private static void metric(Obj metric, String path, FieldErrors e) {
        String type = metric.text("type");
        if (type.isEmpty()) {
            e.required(path + ".type", "must specify a metric source type");
        }
        if (!SOURCES.containsKey(type)) {
            e.notSupported(path + ".type", type, SOURCES.keySet());
        }
        String expected = SOURCES.getOrDefault(type, "");
        if (!expected.isEmpty() && !metric.has(expected)) {
            e.required(path + "." + expected, "must populate information for the given metric source");
        }
        List<String> there = SOURCES.values().stream().filter(metric::has).sorted().toList();
        there.stream().filter(s -> there.size() > 1 && !s.equals(expected))
                .forEach(s -> e.forbidden(path + "." + s, "must populate the given metric source only"));
        if (there.size() == 1) {
            source(there.getFirst(), metric.at(there.getFirst()), path + "." + there.getFirst(), e);
        }
    }

    private static void source(String kind, Obj source, String path, FieldErrors e) {
        boolean resource = kind.equals("resource") || kind.equals("containerResource");
        if (kind.equals("object")) {
            reference(source.at("describedObject"), path + ".describedObject", e);
        }
        if (resource) {
            required(source, "name", "must specify a resource name", path, e);
        } else {
            required(source.at("metric"), "name", "must specify a metric name", path + ".metric", e);
            segment(source.text("metric", "name"), path + ".metric.name", e);
        }
        if (kind.equals("containerResource")) {
            required(source, "container", "must specify a container", path, e);
            if (!source.text("container").isEmpty()) {
                Texts.label(source.text("container"), path + ".container", e);
            }
        }
        Obj target = source.at("target");
        target(target, path + ".target", e);
        if (resource) {
            pair(target, "averageUtilization", "averageValue", "must set either a target raw value or a target utilization", path, e);
            if (target.has("averageUtilization") && target.has("averageValue")) {
                e.forbidden(path + ".target.averageValue", "may not set both a target raw value and a target utilization");
            }
            return;
        }
        switch (kind) {
            case "pods" -> required(target, "averageValue", "must specify a positive target averageValue", path + ".target", e);
            case "object" -> pair(target, "averageValue", "value", "must set either a target value or averageValue", path, e);
            default -> {
                pair(target, "averageValue", "value", "must set either a target value for metric or a per-pod target", path, e);
                if (target.has("value") && target.has("averageValue")) {
                    e.forbidden(path + ".target.value", "may not set both a target value for metric and a per-pod target");
                }
            }
        }
    }

    private static void required(Obj object, String field, String why, String path, FieldErrors e) {
        if (!object.has(field) || object.get(field).equals("")) {
            e.required(path + "." + field, why);
        }
    }

    private static void pair(Obj target, String named, String other, String why, String path, FieldErrors e) {
        if (!target.has(named) && !target.has(other)) {
            e.required(path + ".target." + named, why);
        }
    }

    private static void target(Obj target, String path, FieldErrors e) {
        if (target.text("type").isEmpty()) {
            e.required(path + ".type", "must specify a metric target type");
        }
        if (!TARGETS.contains(target.text("type"))) {
            e.invalid(path + ".type", target.text("type"), "must be either Utilization, Value, or AverageValue");
        }
        for (String field : List.of("value", "averageValue")) {
            Object value = target.get(field);
            if (value != null && Quantity.parse(String.valueOf(value)).map(q -> q.signum() <= 0).orElse(false)) {
                e.invalid(path + "." + field, value, "must be positive");
            }
        }
        target.number("averageUtilization").ifPresent(n -> {
            if (n < 1) {
                e.invalid(path + ".averageUtilization", n, "must be greater than 0");
            }
        });
    }
}
