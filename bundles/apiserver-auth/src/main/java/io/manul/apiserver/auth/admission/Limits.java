package io.manul.apiserver.auth.admission;

import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One item of a LimitRange against what an object asks for (core/v1 LimitRangeItem). */
final class Limits {

    private final Obj limit;
    private final String type;
    private final List<String> errors;

    Limits(Obj limit, List<String> errors) {
        this.limit = limit;
        this.type = limit.text("type");
        this.errors = errors;
    }

    void check(Obj object, boolean pod) {
        switch (type) {
            case "Container" -> {
                if (pod) {
                    object.objects("spec", "containers").forEach(c -> all(c.at("resources", "requests").map(), c.at("resources", "limits").map()));
                    object.objects("spec", "initContainers").forEach(c -> all(c.at("resources", "requests").map(), c.at("resources", "limits").map()));
                }
            }
            case "Pod" -> {
                if (pod) {
                    all(sum(object, "requests"), sum(object, "limits"));
                }
            }
            case "PersistentVolumeClaim" -> {
                if (!pod) {
                    claim(object.at("spec", "resources", "requests").map());
                }
            }
            default -> { }
        }
    }

    private void all(Map<String, Object> requests, Map<String, Object> limits) {
        limit.at("min").map().forEach((name, least) -> least(name, least, requests.get(name), limits.get(name)));
        limit.at("max").map().forEach((name, most) -> most(name, most, requests.get(name), limits.get(name)));
        limit.at("maxLimitRequestRatio").map().forEach((name, most) -> ratio(name, most, requests.get(name), limits.get(name)));
    }

    private void claim(Map<String, Object> requests) {
        limit.at("min").map().forEach((name, least) -> least(name, least, requests.get(name), null));
        limit.at("max").map().forEach((name, most) -> {
            if (requests.get(name) == null) {
                errors.add("maximum " + name + " usage per " + type + " is " + most + ".  No request is specified");
            } else if (value(requests.get(name)).compareTo(value(most)) > 0) {
                errors.add("maximum " + name + " usage per " + type + " is " + most + ", but request is " + requests.get(name));
            }
        });
    }

    private void least(String name, Object least, Object request, Object most) {
        String rule = "minimum " + name + " usage per " + type + " is " + least;
        if (request == null) {
            errors.add(rule + ".  No request is specified");
        } else if (value(request).compareTo(value(least)) < 0) {
            errors.add(rule + ", but request is " + request);
        } else if (most != null && value(most).compareTo(value(least)) < 0) {
            errors.add(rule + ", but limit is " + most);
        }
    }

    private void most(String name, Object allowed, Object request, Object most) {
        String rule = "maximum " + name + " usage per " + type + " is " + allowed;
        if (most == null) {
            errors.add(rule + ".  No limit is specified");
        } else if (value(most).compareTo(value(allowed)) > 0) {
            errors.add(rule + ", but limit is " + most);
        } else if (request != null && value(request).compareTo(value(allowed)) > 0) {
            errors.add(rule + ", but request is " + request);
        }
    }

    private void ratio(String name, Object allowed, Object request, Object most) {
        String rule = name + " max limit to request ratio per " + type + " is " + allowed;
        if (request == null || value(request).signum() == 0) {
            errors.add(rule + ", but no request is specified or request is 0");
        } else if (most == null || value(most).signum() == 0) {
            errors.add(rule + ", but no limit is specified or limit is 0");
        } else {
            BigDecimal ratio = value(most).divide(value(request), MathContext.DECIMAL64);
            if (ratio.compareTo(value(allowed)) > 0) {
                errors.add(rule + ", but provided ratio is " + String.format(Locale.ROOT, "%f", ratio.doubleValue()));
            }
        }
    }

    private static BigDecimal value(Object quantity) {
        return Quantity.parse(String.valueOf(quantity)).orElse(BigDecimal.ZERO);
    }

    /** Of the pod: the larger of its containers with its sidecars, and any init container with the sidecars before it. */
    private static Map<String, Object> sum(Obj pod, String which) {
        Map<String, BigDecimal> all = new HashMap<>();
        Map<String, BigDecimal> sidecars = new HashMap<>();
        Map<String, BigDecimal> starting = new HashMap<>();
        pod.objects("spec", "containers").forEach(c -> add(all, c.at("resources", which)));
        for (Obj init : pod.objects("spec", "initContainers")) {
            Map<String, BigDecimal> now = new HashMap<>(sidecars);
            add(now, init.at("resources", which));
            if (init.text("restartPolicy").equals("Always")) {
                add(all, init.at("resources", which));
                sidecars = now;
            }
            now.forEach((k, v) -> starting.merge(k, v, BigDecimal::max));
        }
        starting.forEach((k, v) -> all.merge(k, v, BigDecimal::max));
        Map<String, Object> sum = new HashMap<>();
        all.forEach((k, v) -> sum.put(k, v.stripTrailingZeros().toPlainString()));
        sum.putAll(pod.at("spec", "resources", which).map());
        return sum;
    }

    private static void add(Map<String, BigDecimal> to, Obj amounts) {
        amounts.map().forEach((k, v) -> to.merge(k, value(v), BigDecimal::add));
    }
}
