package io.manul.apiserver.kinds.pod;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Validation of a PodSpec as a whole: policies, names, volumes, tolerations, affinity, security (core/v1 PodSpec). */
public final class PodSpecRules {

    private static final Set<String> RESTART = Set.of("Always", "OnFailure", "Never");
    private static final Set<String> DNS = Set.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    private static final Set<String> NODE_OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt");

    private PodSpecRules() {
    }

    public static void check(Obj spec, String path, FieldErrors e) {
        Map<String, Obj> volumes = VolumeRules.check(spec.objects("volumes"), path + ".volumes", e);
        Set<String> names = new HashSet<>();
        containers(spec, path, "initContainers", names, volumes, e);
        if (spec.objects("containers").isEmpty()) {
            e.required(path + ".containers", "");
        }
        containers(spec, path, "containers", names, volumes, e);
        hostPorts(spec.objects("containers"), path + ".containers", e);
        policies(spec, path, e);
        names(spec, path, e);
        dns(spec, path, e);
        tolerations(spec.objects("tolerations"), path + ".tolerations", e);
        nodeAffinity(spec.at("affinity", "nodeAffinity"), path + ".affinity.nodeAffinity", e);
        hostAliases(spec.objects("hostAliases"), path + ".hostAliases", e);
    }

    private static void containers(Obj spec, String path, String field, Set<String> names, Map<String, Obj> volumes, FieldErrors e) {
        List<Obj> all = spec.objects(field);
        for (int i = 0; i < all.size(); i++) {
            String at = path + "." + field + "[" + i + "]";
            ContainerRules.check(all.get(i), at, volumes, field.equals("initContainers"), e);
            String name = all.get(i).text("name");
            if (!name.isEmpty() && !names.add(name)) {
                e.duplicate(at + ".name", name);
            }
        }
    }

    private static void hostPorts(List<Obj> containers, String path, FieldErrors e) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < containers.size(); i++) {
            List<Obj> ports = containers.get(i).objects("ports");
            for (int j = 0; j < ports.size(); j++) {
                long port = ports.get(j).number("hostPort").orElse(0);
                String key = ports.get(j).text("protocol") + "/" + ports.get(j).text("hostIP") + "/" + port;
                if (port != 0 && !seen.add(key)) {
                    e.duplicate(path + "[" + i + "].ports[" + j + "].hostPort", key);
                }
            }
        }
    }

    private static void policies(Obj spec, String path, FieldErrors e) {
        required(spec.text("restartPolicy"), path + ".restartPolicy", RESTART, e);
        required(spec.text("dnsPolicy"), path + ".dnsPolicy", DNS, e);
        spec.number("terminationGracePeriodSeconds").ifPresent(n -> Texts.notNegative(n, path + ".terminationGracePeriodSeconds", e));
        spec.number("activeDeadlineSeconds").ifPresent(n -> {
            if (n < 1 || n > Integer.MAX_VALUE) {
                e.invalid(path + ".activeDeadlineSeconds", n, "must be between 1 and 2147483647, inclusive");
            }
        });
        if (spec.flag("hostPID") && spec.flag("shareProcessNamespace")) {
            e.invalid(path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }
    }

    private static void required(String value, String path, Set<String> supported, FieldErrors e) {
        if (value.isEmpty()) {
            e.required(path, "");
        } else {
            Texts.oneOf(value, path, supported, e);
        }
    }

    private static void names(Obj spec, String path, FieldErrors e) {
        spec.string("serviceAccountName").filter(n -> !n.isEmpty()).ifPresent(n -> Texts.subdomain(n, path + ".serviceAccountName", e));
        spec.string("nodeName").filter(n -> !n.isEmpty()).ifPresent(n -> Texts.subdomain(n, path + ".nodeName", e));
        spec.string("hostname").filter(n -> !n.isEmpty()).ifPresent(n -> Texts.label(n, path + ".hostname", e));
        spec.string("subdomain").filter(n -> !n.isEmpty()).ifPresent(n -> Texts.label(n, path + ".subdomain", e));
        spec.string("priorityClassName").filter(n -> !n.isEmpty()).ifPresent(n -> Texts.subdomain(n, path + ".priorityClassName", e));
        spec.string("runtimeClassName").filter(n -> !n.isEmpty()).ifPresent(n -> Texts.subdomain(n, path + ".runtimeClassName", e));
        List<Obj> gates = spec.objects("schedulingGates");
        for (int i = 0; i < gates.size(); i++) {
            if (gates.get(i).text("name").isEmpty()) {
                e.required(path + ".schedulingGates[" + i + "].name", "");
            }
        }
    }

    private static void dns(Obj spec, String path, FieldErrors e) {
        List<String> servers = spec.strings("dnsConfig", "nameservers");
        if (spec.text("dnsPolicy").equals("None") && servers.isEmpty()) {
            e.required(path + ".dnsConfig.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        if (servers.size() > 3) {
            e.invalid(path + ".dnsConfig.nameservers", servers, "must not have more than 3 nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            if (!Texts.isIp(servers.get(i))) {
                e.invalid(path + ".dnsConfig.nameservers[" + i + "]", servers.get(i),
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
        if (spec.strings("dnsConfig", "searches").size() > 32) {
            e.invalid(path + ".dnsConfig.searches", spec.strings("dnsConfig", "searches"), "must not have more than 32 search paths");
        }
    }

    private static void tolerations(List<Obj> tolerations, String path, FieldErrors e) {
        for (int i = 0; i < tolerations.size(); i++) {
            Obj t = tolerations.get(i);
            String at = path + "[" + i + "]";
            String operator = t.text("operator");
            if (t.text("key").isEmpty() && !operator.equals("Exists")) {
                e.invalid(at + ".operator", operator, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }
            if (operator.equals("Exists") && !t.text("value").isEmpty()) {
                e.invalid(at + ".operator", t.text("value"), "value must be empty when `operator` is 'Exists'");
            }
            if (!operator.isEmpty() && !Set.of("Equal", "Exists").contains(operator)) {
                e.notSupported(at + ".operator", operator, Set.of("Equal", "Exists"));
            }
            Texts.oneOf(t.text("effect"), at + ".effect", EFFECTS, e);
            if (t.has("tolerationSeconds") && !t.text("effect").equals("NoExecute")) {
                e.invalid(at + ".effect", t.text("effect"), "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
        }
    }

    private static void nodeAffinity(Obj affinity, String path, FieldErrors e) {
        affinity.object("requiredDuringSchedulingIgnoredDuringExecution").ifPresent(required -> {
            String at = path + ".requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
            List<Obj> terms = required.objects("nodeSelectorTerms");
            if (terms.isEmpty()) {
                e.required(at, "must have at least one node selector term");
            }
            for (int i = 0; i < terms.size(); i++) {
                term(terms.get(i), at + "[" + i + "]", e);
            }
        });
        List<Obj> preferred = affinity.objects("preferredDuringSchedulingIgnoredDuringExecution");
        for (int i = 0; i < preferred.size(); i++) {
            String at = path + ".preferredDuringSchedulingIgnoredDuringExecution[" + i + "]";
            long weight = preferred.get(i).number("weight").orElse(0);
            if (weight < 1 || weight > 100) {
                e.invalid(at + ".weight", weight, "must be in the range 1-100");
            }
            term(preferred.get(i).at("preference"), at + ".preference", e);
        }
    }

    /** A NodeSelector. */
    public static void nodeSelector(Obj selector, String path, FieldErrors e) {
        List<Obj> terms = selector.objects("nodeSelectorTerms");
        if (terms.isEmpty()) {
            e.required(path + ".nodeSelectorTerms", "must have at least one node selector term");
        }
        for (int i = 0; i < terms.size(); i++) {
            term(terms.get(i), path + ".nodeSelectorTerms[" + i + "]", e);
        }
    }

    private static void term(Obj term, String path, FieldErrors e) {
        List<Obj> expressions = term.objects("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            Obj x = expressions.get(i);
            String at = path + ".matchExpressions[" + i + "]";
            int values = x.strings("values").size();
            switch (x.text("operator")) {
                case "In", "NotIn" -> {
                    if (values == 0) {
                        e.required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (values > 0) {
                        e.forbidden(at + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    }
                }
                case "Gt", "Lt" -> {
                    if (values != 1) {
                        e.required(at + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                    }
                }
                default -> e.notSupported(at + ".operator", x.text("operator"), NODE_OPERATORS);
            }
        }
    }

    private static void hostAliases(List<Obj> aliases, String path, FieldErrors e) {
        for (int i = 0; i < aliases.size(); i++) {
            if (!Texts.isIp(aliases.get(i).text("ip"))) {
                e.invalid(path + "[" + i + "].ip", aliases.get(i).text("ip"), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
    }

    /** Labels of a template must satisfy the selector of what makes pods from it. */
    public static Map<String, String> labels(Obj template) {
        return new HashMap<>(template.labels());
    }
}
