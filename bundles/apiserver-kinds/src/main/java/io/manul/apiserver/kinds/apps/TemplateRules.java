package io.manul.apiserver.kinds.apps;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.pod.PodDefaults;
import io.manul.apiserver.kinds.pod.PodSpecRules;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Json;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.util.List;
import java.util.Set;

/** What everything with a selector and a pod template shares (apps/v1). */
public final class TemplateRules {

    private static final Set<String> OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist");

    private TemplateRules() {
    }

    public static void defaults(Obj object) {
        PodDefaults.of(object.make("spec", "template", "spec"));
    }

    /** The selector must be there and match the template's labels; the template's pods must restart for ever. */
    public static void check(Obj spec, FieldErrors e) {
        check(spec, "ReplicaSet", "deployment", e);
    }

    /** As above. @param kind and @param emptyFor as messages name it */
    static void check(Obj spec, String kind, String emptyFor, FieldErrors e) {
        Obj selector = spec.at("selector");
        if (!spec.has("selector")) {
            e.required("spec.selector", "");
        } else if (selector.isEmpty()) {
            e.invalid("spec.selector", selector.map(), "empty selector is invalid for " + emptyFor);
        } else {
            selector(selector, "spec.selector", e);
            if (!Selector.of(selector).matches(spec.stringMap("template", "metadata", "labels"))) {
                e.invalid("spec.template.metadata.labels", spec.at("template", "metadata", "labels").map(),
                        "`selector` does not match template `labels`");
            }
        }
        template(spec, kind, e);
    }

    public static void template(Obj spec, String kind, FieldErrors e) {
        Obj pod = spec.at("template", "spec");
        PodSpecRules.check(pod, "spec.template.spec", e);
        if (!pod.text("restartPolicy").equals("Always")) {
            e.notSupported("spec.template.spec.restartPolicy", pod.text("restartPolicy"), List.of("Always"));
        }
        if (pod.has("activeDeadlineSeconds")) {
            e.forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in " + kind + " is not Supported");
        }
    }

    public static void selector(Obj selector, String path, FieldErrors e) {
        List<Obj> expressions = selector.objects("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            Obj x = expressions.get(i);
            String at = path + ".matchExpressions[" + i + "]";
            boolean values = !x.strings("values").isEmpty();
            switch (x.text("operator")) {
                case "In", "NotIn" -> {
                    if (!values) {
                        e.required(at + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (values) {
                        e.forbidden(at + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    }
                }
                default -> e.notSupported(at + ".operator", x.text("operator"), OPERATORS);
            }
        }
    }

    public static void selectorUnchanged(Obj object, Obj old, FieldErrors e) {
        if (!object.at("spec", "selector").equals(old.at("spec", "selector"))) {
            e.invalid("spec.selector", Json.copy(object.at("spec", "selector").map()), "field is immutable");
        }
    }

    /** A whole number of pods, or a percentage. */
    public static void share(Object value, String path, FieldErrors e) {
        switch (value) {
            case null -> { }
            case Long n when n >= 0 -> { }
            case Long n -> e.invalid(path, n, "must be greater than or equal to 0");
            case String s when s.matches("[0-9]{1,9}%") -> { }
            case String s -> e.invalid(path, s, "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',"
                    + "  or '93%', regex used for validation is '[0-9]+%')");
            default -> e.type(path, value, "must be an integer or percentage (e.g '5%%')");
        }
    }

    static void atMostAll(Object share, String path, FieldErrors e) {
        if (share instanceof String s && s.matches("[0-9]{1,9}%") && Long.parseLong(s.substring(0, s.length() - 1)) > 100) {
            e.invalid(path, s, "must not be greater than 100%");
        }
    }

    /** The numbers of a status are not negative, and none of some is greater than another. */
    public static void counts(Obj status, List<String> fields, String most, List<String> bounded, FieldErrors e) {
        for (String field : fields) {
            Texts.notNegative(status.number(field).orElse(0), "status." + field, e);
        }
        for (String field : bounded) {
            long n = status.number(field).orElse(0);
            if (n > status.number(most).orElse(0)) {
                e.invalid("status." + field, n, "cannot be greater than status." + most);
            }
        }
    }

    /** {@code status.collisionCount} only grows. */
    static void collisions(Obj object, Obj old, FieldErrors e) {
        long n = object.number("status", "collisionCount").orElse(0);
        if (old.has("status", "collisionCount") && (!object.has("status", "collisionCount") || n < old.number("status", "collisionCount").orElse(0))) {
            e.invalid("status.collisionCount", n, "cannot be decremented");
        }
    }

    public static boolean zero(Object share) {
        return share instanceof Long n && n == 0 || share instanceof String s && s.matches("0+%");
    }
}
