package io.manul.controllers.autoscale.horizontal;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;

/** What one metric of an autoscaler proposes: replicas, the metric's name for messages, its status. */
final class Proposals {

    record Proposal(long replicas, String metric, Obj status) {
    }

    /** The autoscaler's surroundings at this moment. @param selector of the pods, as text; @param status replicas that there are */
    record Sight(Obj autoscaler, long replicas, long status, String selector, List<Obj> pods, Calculator.Tolerance tolerance, Instant now) {
    }

    private final Metrics metrics;
    private final Targets targets;

    Proposals(Metrics metrics, Targets targets) {
        this.metrics = metrics;
        this.targets = targets;
    }

    Proposal of(Obj metric, Sight s) throws Unable, InterruptedException {
        return switch (metric.text("type")) {
            case "Resource" -> {
                Obj source = metric.at("resource");
                yield failing("FailedGetResourceMetric", "failed to get " + source.text("name") + " resource metric value: ", () ->
                        resource(source, "", s));
            }
            case "ContainerResource" -> {
                Obj source = metric.at("containerResource");
                yield failing("FailedGetContainerResourceMetric", "failed to get " + source.text("container") + " container metric value: ",
                        () -> resource(source, source.text("container"), s));
            }
            case "Pods" -> failing("FailedGetPodsMetric", "failed to get pods metric value: ", () -> pods(metric.at("pods"), s));
            case "Object" -> failing("FailedGetObjectMetric", "failed to get object metric value: ", () -> object(metric.at("object"), s));
            case "External" -> failing("FailedGetExternalMetric", "failed to get " + metric.text("external", "metric", "name")
                    + " external metric value: ", () -> external(metric.at("external"), s));
            default -> throw new Unable("InvalidMetricSourceType", "unknown metric source type \"" + metric.text("type") + "\"");
        };
    }

    private interface Step {
        Proposal run() throws Unable, InterruptedException;
    }

    /** Condition and event take what lies inside; the whole has a head that says which metric. */
    private static Proposal failing(String reason, String head, Step step) throws Unable, InterruptedException {
        try {
            return step.run();
        } catch (Unable e) {
            throw e.of(head, reason);
        }
    }

    private Proposal resource(Obj source, String container, Sight s) throws Unable, InterruptedException {
        String name = source.text("name");
        Obj target = source.at("target");
        boolean value = target.has("averageValue");
        if (!value && !target.has("averageUtilization")) {
            throw new Unable("invalid resource metric source: neither an average utilization target nor an average value (usage) "
                    + "target was set");
        }
        Obj current = Obj.of();
        Calculator.Result r;
        try {
            var samples = samples(name, container, s);
            r = value ? Calculator.average(s.replicas(), millis(target, "averageValue"), name, s.tolerance(), s.pods(), samples, s.now())
                    : Calculator.utilization(s.replicas(), target.number("averageUtilization").orElse(1), name, container, s.tolerance(),
                            s.pods(), samples, s.now());
        } catch (Unable e) {
            throw e.within("failed to get " + name + (value ? " usage: " : " utilization: "));
        }
        if (!value) {
            current.put("averageUtilization", r.utilization());
        }
        current.put("averageValue", Amounts.of(name, r.average()));
        String what = value ? name + " resource" : name + (container.isEmpty() ? "" : " container")
                + " resource utilization (percentage of request)";
        Obj status = Obj.of("name", name, "container", container.isEmpty() ? null : container, "current", current);
        return new Proposal(r.replicas(), what, container.isEmpty() ? Obj.of("type", "Resource", "resource", status)
                : Obj.of("type", "ContainerResource", "containerResource", status));
    }

    private java.util.Map<String, Metrics.Sample> samples(String resource, String container, Sight s) throws Unable, InterruptedException {
        try {
            return metrics.resource(resource, s.autoscaler().namespace(), s.selector(), container);
        } catch (Unable e) {
            throw e.within("unable to get metrics for resource " + resource + ": ");
        }
    }

    private Proposal pods(Obj source, Sight s) throws Unable, InterruptedException {
        Obj metric = source.at("metric");
        java.util.Map<String, Metrics.Sample> samples;
        try {
            samples = metrics.pods(metric.text("name"), s.autoscaler().namespace(), s.selector(), TextSelector.of(metric.at("selector")));
        } catch (Unable e) {
            throw e.within("unable to get metric " + metric.text("name") + ": ");
        }
        Calculator.Result r = Calculator.average(s.replicas(), millis(source.at("target"), "averageValue"), "", s.tolerance(), s.pods(),
                samples, s.now());
        return new Proposal(r.replicas(), "pods metric " + metric.text("name"), Obj.of("type", "Pods", "pods",
                Obj.of("metric", metric.copy(), "current", Obj.of("averageValue", Amounts.decimal(r.average())))));
    }

    private Proposal object(Obj source, Sight s) throws Unable, InterruptedException {
        Obj metric = source.at("metric");
        Obj about = source.at("describedObject");
        Obj target = source.at("target");
        long value;
        try {
            value = metrics.object(metric.text("name"), s.autoscaler().namespace(), targets.metricPath(about),
                    TextSelector.of(metric.at("selector")));
        } catch (Unable e) {
            throw new Unable("unable to get metric " + metric.text("name") + ": " + about.text("kind") + " on " + s.autoscaler()
                    .namespace() + " "
                    + about.text("name") + "/" + e.getMessage());
        }
        Obj status = Obj.of("metric", metric.copy(), "describedObject", about.copy());
        boolean whole = target.text("type").equals("Value") && target.has("value");
        if (!whole && !target.has("averageValue")) {
            throw new Unable("invalid object metric source: neither a value target nor an average value target was set");
        }
        String name = whole ? about.text("kind") + " metric " + metric.text("name") : named(metric);
        return valued("Object", "object", status, value, whole, target, name, s);
    }

    private Proposal external(Obj source, Sight s) throws Unable, InterruptedException {
        Obj metric = source.at("metric");
        Obj target = source.at("target");
        String selector = TextSelector.of(metric.at("selector"));
        long value;
        try {
            value = metrics.external(metric.text("name"), s.autoscaler().namespace(), selector);
        } catch (Unable e) {
            throw e.within("unable to get external metric " + s.autoscaler().namespace() + "/" + metric.text("name") + "/" + selector
                    + ": ");
        }
        if (!target.has("averageValue") && !target.has("value")) {
            throw new Unable("invalid external metric source: neither a value target nor an average value target was set");
        }
        return valued("External", "external", Obj.of("metric", metric.copy()), value, !target.has("averageValue"), target, named(metric),
                s);
    }

    private static String named(Obj metric) {
        return "external metric " + metric.text("name") + "(" + TextSelector.of(metric.at("selector")) + ")";
    }

    /** One value for all pods: as a whole against its target, or shared out among them. */
    private static Proposal valued(String type, String key, Obj status, long value, boolean whole, Obj target, String name,
            Sight s) throws Unable {
        long wanted;
        if (whole) {
            wanted = whole(value, millis(target, "value"), s);
            status.put("current", Obj.of("value", Amounts.decimal(value)));
        } else {
            long each = millis(target, "averageValue");
            wanted = s.tolerance().within(value / ((double) each * s.status())) ? s.status() : Calculator.ceil((double) value / each);
            status.put("current", Obj.of("averageValue", Amounts.decimal(s.status() == 0 ? value
                    : (long) Math.ceil((double) value / s.status()))));
        }
        return new Proposal(wanted, name, Obj.of("type", type, key, status));
    }

    private static long whole(long value, long target, Sight s) throws Unable {
        double ratio = (double) value / target;
        if (s.replicas() == 0) {
            return Calculator.ceil(ratio);
        }
        if (s.tolerance().within(ratio)) {
            return s.replicas();
        }
        if (s.pods().isEmpty()) {
            throw new Unable("unable to calculate ready pods: no pods returned by selector while calculating replica count");
        }
        long ready = s.pods().stream().filter(p -> p.text("status", "phase").equals("Running") && p.objects("status", "conditions").stream()
                .anyMatch(c -> c.text("type").equals("Ready") && c.text("status").equals("True"))).count();
        return Calculator.ceil(ratio * ready);
    }

    private static long millis(Obj target, String field) {
        return Math.max(1, io.manul.model.Quantity.millis(target.get(field)));
    }
}
