package io.manul.scheduler.framework;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A label selector, compiled once and asked often. Immutable. */
public final class LabelQuery {

    private enum Operator { IN, NOT_IN, EXISTS, DOES_NOT_EXIST, GT, LT, NEVER }

    private record Requirement(String key, Operator operator, List<String> values) {

        boolean matches(String value) {
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
                case GT -> compare(value) > 0;
                case LT -> compare(value) < 0;
                case NEVER -> false;
            };
        }

        /** 0 when one of both is no number, which neither Gt nor Lt takes. */
        private int compare(String value) {
            if (value == null || values.size() != 1) {
                return 0;
            }
            try {
                return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
    }

    /** Matches nothing: a selector that is not there. */
    public static final LabelQuery NOTHING = new LabelQuery(List.of(new Requirement("", Operator.NEVER, List.of())));
    /** Matches everything: an empty selector. */
    public static final LabelQuery EVERYTHING = new LabelQuery(List.of());

    private final List<Requirement> all;

    private LabelQuery(List<Requirement> all) {
        this.all = all;
    }

    /** The {@code metav1.LabelSelector} at a key of an object; missing: nothing. */
    public static LabelQuery at(Obj parent, String... path) {
        return parent.object(path).map(LabelQuery::of).orElse(NOTHING);
    }

    public static LabelQuery of(Obj selector) {
        List<Requirement> all = new ArrayList<>();
        selector.stringMap("matchLabels").forEach((k, v) -> all.add(new Requirement(k, Operator.IN, List.of(v))));
        all.addAll(expressions(selector.objects("matchExpressions")));
        return all.isEmpty() ? EVERYTHING : new LabelQuery(List.copyOf(all));
    }

    public static LabelQuery of(Map<String, String> labels) {
        return EVERYTHING.and(labels);
    }

    /** NodeSelectorRequirements, or those of a label selector. */
    static LabelQuery of(List<Obj> expressions) {
        return expressions.isEmpty() ? EVERYTHING : new LabelQuery(List.copyOf(expressions(expressions)));
    }

    private static List<Requirement> expressions(List<Obj> expressions) {
        List<Requirement> all = new ArrayList<>();
        for (Obj e : expressions) {
            Operator operator = switch (e.text("operator")) {
                case "In" -> Operator.IN;
                case "NotIn" -> Operator.NOT_IN;
                case "Exists" -> Operator.EXISTS;
                case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
                case "Gt" -> Operator.GT;
                case "Lt" -> Operator.LT;
                default -> Operator.NEVER;
            };
            all.add(new Requirement(e.text("key"), operator, List.copyOf(e.strings("values"))));
        }
        return all;
    }

    /** This, and these labels with these values. */
    public LabelQuery and(Map<String, String> labels) {
        List<Requirement> more = new ArrayList<>(all);
        labels.forEach((k, v) -> more.add(new Requirement(k, Operator.IN, List.of(v))));
        return new LabelQuery(List.copyOf(more));
    }

    public LabelQuery and(LabelQuery other) {
        List<Requirement> more = new ArrayList<>(all);
        more.addAll(other.all);
        return new LabelQuery(List.copyOf(more));
    }

    public boolean matches(Map<String, String> labels) {
        for (int i = 0; i < all.size(); i++) {
            Requirement r = all.get(i);
            if (!r.matches(labels.get(r.key))) {
                return false;
            }
        }
        return true;
    }

    public boolean isEverything() {
        return all.isEmpty();
    }

    /** The values that a key must have one of, when it is the only operator {@code In} for it; else null. */
    List<String> in(String key) {
        for (Requirement r : all) {
            if (r.key.equals(key) && r.operator == Operator.IN) {
                return r.values;
            }
        }
        return null;
    }
}
