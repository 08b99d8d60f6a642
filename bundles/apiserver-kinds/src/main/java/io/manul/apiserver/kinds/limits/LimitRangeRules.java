package io.manul.apiserver.kinds.limits;

import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Defaults and rules of a LimitRange: minima, maxima and defaults must agree with each other. */
public final class LimitRangeRules {

    private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");
    private static final List<String> LISTS = List.of("min", "max", "default", "defaultRequest", "maxLimitRequestRatio");

    private LimitRangeRules() {
    }

    /** For containers: the default limit is the maximum, the default request the default limit, or the minimum. */
    public static void defaults(Obj range) {
        for (Obj item : range.objects("spec", "limits")) {
            if (item.text("type").equals("Container")) {
                fill(item, "default", "max");
                fill(item, "defaultRequest", "default");
                fill(item, "defaultRequest", "min");
            }
        }
    }

    private static void fill(Obj item, String to, String from) {
        item.at(from).map().forEach((name, amount) -> {
            if (!item.at(to).has(name)) {
                item.make(to).put(name, amount);
            }
        });
    }

    public static void check(Obj range, FieldErrors e) {
        Set<String> types = new HashSet<>();
        List<Obj> items = range.objects("spec", "limits");
        for (int i = 0; i < items.size(); i++) {
            new Item(items.get(i), "spec.limits[" + i + "]", e).check(types);
        }
    }

    private record Item(Obj item, String path, FieldErrors e) {

        void check(Set<String> types) {
            String type = item.text("type");
            if (!type.contains("/") && !TYPES.contains(type)) {
                e.invalid(path + ".type", type, "must be a standard limit type or fully qualified");
            }
            if (!types.add(type)) {
                e.duplicate(path + ".type", type);
            }
            if (type.equals("Pod")) {
                noDefault("default");
                noDefault("defaultRequest");
            }
            if (type.equals("PersistentVolumeClaim") && !item.has("min", "storage") && !item.has("max", "storage")) {
                e.required(path + ".limits", "either minimum or maximum storage value is required, but neither was provided");
            }
            Set<String> names = new TreeSet<>();
            for (String list : LISTS) {
                item.at(list).map().forEach((name, amount) -> {
                    names.add(name);
                    name(type, list, name);
                    if (Quantity.parse(String.valueOf(amount)).isEmpty()) {
                        e.invalid(path + "." + list + "[" + name + "]", amount, "must be a quantity");
                    }
                });
            }
            names.forEach(this::agree);
        }

        /** The names without a domain that Kubernetes itself has (helper.IsStandardResourceName and its like). */
        private void name(String type, String list, String name) {
            boolean container = type.equals("Pod") || type.equals("Container");
            if (!name.contains("/") && container && !Set.of("cpu", "memory", "ephemeral-storage").contains(name) && !name.startsWith("hugepages-")) {
                e.invalid(path + "." + list + "[" + name + "]", name, "must be a standard resource for containers");
            }
        }

        private void noDefault(String list) {
            if (!item.at(list).isEmpty()) {
                e.forbidden(path + "." + list, "may not be specified when `type` is 'Pod'");
            }
        }

        private void agree(String name) {
            // where, above what is its value, and how both are called
            order(name, "min", "max", "min", "min value %s is greater than max value %s");
            order(name, "min", "defaultRequest", "defaultRequest", "min value %s is greater than default request value %s");
            order(name, "defaultRequest", "max", "defaultRequest", "default request value %s is greater than max value %s");
            order(name, "defaultRequest", "default", "defaultRequest", "default request value %s is greater than default limit value %s");
            order(name, "min", "default", "default", "min value %s is greater than default value %s");
            order(name, "default", "max", "default", "default value %s is greater than max value %s");
            ratio(name);
            boolean exact = name.startsWith("hugepages-") || name.contains("/") && !name.contains("kubernetes.io/");
            if (exact && has("default", name) && has("defaultRequest", name) && of("default", name).compareTo(of("defaultRequest", name)) != 0) {
                e.invalid(path + ".defaultRequest[" + name + "]", item.get("defaultRequest", name), "default value " + item.get("default", name)
                        + " must equal to defaultRequest value " + item.get("defaultRequest", name) + " in " + name);
            }
        }

        private boolean has(String list, String name) {
            return item.has(list, name) && !(item.text("type").equals("Pod") && list.startsWith("default"));
        }

        private BigDecimal of(String list, String name) {
            return Quantity.parse(String.valueOf(item.get(list, name))).orElse(BigDecimal.ZERO);
        }

        private void order(String name, String less, String more, String at, String text) {
            if (has(less, name) && has(more, name) && of(less, name).compareTo(of(more, name)) > 0) {
                // upstream shows the bound that is broken for defaults, and else the value itself
                Object shown = item.get(less.equals("min") && at.equals("defaultRequest") ? "defaultRequest" : at.equals("default") && less.equals("default") ? "max" : less, name);
                e.invalid(path + "." + at + "[" + name + "]", shown, String.format(Locale.ROOT, text, item.get(less, name), item.get(more, name)));
            }
        }

        private void ratio(String name) {
            if (!has("maxLimitRequestRatio", name)) {
                return;
            }
            BigDecimal ratio = of("maxLimitRequestRatio", name);
            Object shown = item.get("maxLimitRequestRatio", name);
            if (ratio.compareTo(BigDecimal.ONE) < 0) {
                e.invalid(path + ".maxLimitRequestRatio[" + name + "]", shown, "ratio " + shown + " is less than 1");
            }
            if (has("min", name) && has("max", name) && of("min", name).signum() > 0) {
                BigDecimal most = of("max", name).divide(of("min", name), MathContext.DECIMAL64);
                if (ratio.compareTo(most) > 0) {
                    e.invalid(path + ".maxLimitRequestRatio[" + name + "]", shown, "ratio " + shown + " is greater than max/min = "
                            + String.format(Locale.ROOT, "%f", most.doubleValue()));
                }
            }
        }
    }
}
