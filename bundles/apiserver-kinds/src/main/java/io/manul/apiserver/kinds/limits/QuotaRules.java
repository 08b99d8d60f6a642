package io.manul.apiserver.kinds.limits;

import io.manul.apiserver.kinds.service.Qualified;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Rules of a ResourceQuota: names that are counted, amounts that can be, scopes that fit both. */
public final class QuotaRules {

    private static final Set<String> COMPUTE = Set.of("cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory");
    private static final Set<String> COUNTS = Set.of("pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
            "persistentvolumeclaims", "services.nodeports", "services.loadbalancers");
    private static final Set<String> MORE = Set.of("ephemeral-storage", "requests.storage", "requests.ephemeral-storage", "limits.ephemeral-storage");
    private static final Set<String> OF_PODS = Set.of("Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "CrossNamespacePodAffinity");
    private static final List<List<String>> CONFLICTS = List.of(List.of("BestEffort", "NotBestEffort"), List.of("Terminating", "NotTerminating"));

    private QuotaRules() {
    }

    public static void check(Obj quota, FieldErrors e) {
        amounts(quota, "spec", "hard", e);
        Set<String> hard = new TreeSet<>(quota.at("spec", "hard").map().keySet());
        List<String> scopes = quota.strings("spec", "scopes");
        for (String scope : scopes) {
            scope(scope, hard, "spec.scopes", "spec.scopes", quota.get("spec", "scopes"), e);
        }
        conflicts(scopes, "spec.scopes", quota.get("spec", "scopes"), e);
        List<Obj> expressions = quota.objects("spec", "scopeSelector", "matchExpressions");
        String path = "spec.scopeSelector.matchExpressions";
        for (Obj x : expressions) {
            scope(x.text("scopeName"), hard, path + ".scopeName", path, quota.get("spec", "scopeSelector"), e);
            expression(x, path, e);
        }
        conflicts(expressions.stream().map(x -> x.text("scopeName")).toList(), path, quota.get("spec", "scopeSelector"), e);
    }

    /** Scopes stay. */
    public static void update(Obj quota, Obj old, FieldErrors e) {
        if (!Set.copyOf(quota.strings("spec", "scopes")).equals(Set.copyOf(old.strings("spec", "scopes")))) {
            e.immutable("spec.scopes", quota.list("spec", "scopes"));
        }
    }

    public static void status(Obj quota, Obj old, FieldErrors e) {
        amounts(quota, "status", "hard", e);
        amounts(quota, "status", "used", e);
    }

    private static void amounts(Obj quota, String part, String list, FieldErrors e) {
        for (Map.Entry<String, Object> a : quota.at(part, list).map().entrySet()) {
            String name = a.getKey();
            String path = part + "." + list + "[" + name + "]";
            name(name, path, e);
            BigDecimal value = Quantity.parse(String.valueOf(a.getValue())).orElse(BigDecimal.ZERO);
            if (value.signum() < 0) {
                e.invalid(path, String.valueOf(a.getValue()), "must be greater than or equal to 0");
            }
            if (counted(name) && value.stripTrailingZeros().scale() > 0) {
                e.invalid(path, String.valueOf(a.getValue()), "must be an integer");
            }
        }
    }

    private static void name(String name, String path, FieldErrors e) {
        FieldErrors form = new FieldErrors();
        Qualified.check(name, path, form);
        if (!form.isEmpty()) {
            Qualified.check(name, path, e);
        } else if (!name.contains("/") && !standard(name)) {
            if (!name.equals("storage")) {
                e.invalid(path, name, "must be a standard resource type or fully qualified");
            }
            e.invalid(path, name, "must be a standard resource for quota");
        }
    }

    private static boolean standard(String name) {
        return COMPUTE.contains(name) || COUNTS.contains(name) || MORE.contains(name) || name.startsWith("hugepages-")
                || name.startsWith("requests.hugepages-");
    }

    private static boolean counted(String name) {
        return COUNTS.contains(name) || name.contains("/") && !name.contains("kubernetes.io/") && !name.startsWith("requests.");
    }

    private static void scope(String scope, Set<String> hard, String at, String path, Object all, FieldErrors e) {
        boolean known = OF_PODS.contains(scope) || scope.equals("PriorityClass") || scope.equals("VolumeAttributesClass");
        if (!known) {
            e.invalid(at, at.equals(path) ? all : scope, "unsupported scope");
            return;
        }
        for (String name : hard) {
            if (standard(name) && !fits(scope, name)) {
                e.invalid(path, all, "unsupported scope applied to resource");
            }
        }
    }

    private static boolean fits(String scope, String name) {
        return switch (scope) {
            case "BestEffort" -> name.equals("pods");
            case "VolumeAttributesClass" -> name.equals("persistentvolumeclaims") || name.equals("requests.storage");
            default -> name.equals("pods") || COMPUTE.contains(name);
        };
    }

    private static void expression(Obj x, String path, FieldErrors e) {
        String operator = x.text("operator");
        if (OF_PODS.contains(x.text("scopeName")) && !operator.equals("Exists")) {
            e.invalid(path + ".operator", operator, "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
                    + "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
        }
        boolean values = !x.strings("values").isEmpty();
        switch (operator) {
            case "In", "NotIn" -> {
                if (!values) {
                    e.required(path + ".values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (values) {
                    e.invalid(path + ".values", x.get("values"), "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default -> e.invalid(path + ".operator", operator, "not a valid selector operator");
        }
    }

    private static void conflicts(List<String> scopes, String path, Object all, FieldErrors e) {
        if (CONFLICTS.stream().anyMatch(scopes::containsAll)) {
            e.invalid(path, all, "conflicting scopes");
        }
    }
}
