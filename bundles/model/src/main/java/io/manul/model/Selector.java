package io.manul.model;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Label selectors: {@code metav1.LabelSelector}, and the node selector terms of node affinity. */
public final class Selector {

    /** One requirement. @param operator In, NotIn, Exists, DoesNotExist, Gt, Lt */
    private record Requirement(String key, String operator, List<String> values) {

        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                case "Gt", "Lt" -> compares(value);
                default -> false;
            };
        }

        private boolean compares(String value) {
            if (value == null || values.size() != 1 || !value.matches("-?[0-9]{1,18}") || !values.getFirst().matches("-?[0-9]{1,18}")) {
                return false;
            }
            int c = Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
            return operator.equals("Gt") ? c > 0 : c < 0;
        }
    }

    private final List<Requirement> all = new ArrayList<>();

    private Selector() {
    }

    /** A {@code LabelSelector}; an empty one matches everything. */
    public static Selector of(Obj selector) {
        Selector s = new Selector();
        selector.stringMap("matchLabels").forEach((k, v) -> s.all.add(new Requirement(k, "In", List.of(v))));
        s.expressions(selector.objects("matchExpressions"));
        return s;
    }

    /** Labels that must all be there with these values: a Service's selector, a pod's nodeSelector. */
    public static Selector of(Map<String, String> labels) {
        Selector s = new Selector();
        labels.forEach((k, v) -> s.all.add(new Requirement(k, "In", List.of(v))));
        return s;
    }

    /** A {@code NodeSelectorTerm}: expressions on labels, fields on {@code metadata.name}; an empty term matches nothing. */
    public static boolean termMatches(Obj term, Map<String, String> labels, String nodeName) {
        Selector expressions = new Selector();
        expressions.expressions(term.objects("matchExpressions"));
        Selector fields = new Selector();
        fields.expressions(term.objects("matchFields"));
        return !(expressions.all.isEmpty() && fields.all.isEmpty()) && expressions.matches(labels)
                && fields.matches(Map.of("metadata.name", nodeName));
    }

    private void expressions(List<Obj> expressions) {
        expressions.forEach(e -> all.add(new Requirement(e.text("key"), e.text("operator"), e.strings("values"))));
    }

    public boolean matches(Map<String, String> labels) {
        return all.stream().allMatch(r -> r.matches(labels));
    }
}
