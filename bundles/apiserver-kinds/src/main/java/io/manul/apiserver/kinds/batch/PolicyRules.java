package io.manul.apiserver.kinds.batch;

import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Validation of a Job's failure and success policies (batch/v1 PodFailurePolicy, SuccessPolicy). */
final class PolicyRules {

    private static final int MOST_RULES = 20;
    private static final int MOST_PATTERNS = 20;
    private static final int MOST_CODES = 255;
    private static final int MOST_INDEX_BYTES = 64 * 1024;
    private static final Set<String> ACTIONS = Set.of("Count", "FailIndex", "FailJob", "Ignore");
    private static final Set<String> OPERATORS = Set.of("In", "NotIn");
    private static final Set<String> STATUS = Set.of("False", "True", "Unknown");

    private PolicyRules() {
    }

    static void check(Obj spec, String path, FieldErrors e) {
        if (spec.has("podFailurePolicy")) {
            List<Obj> rules = spec.objects("podFailurePolicy", "rules");
            limit(rules, path + ".podFailurePolicy.rules", MOST_RULES, e);
            for (int i = 0; i < rules.size(); i++) {
                failure(spec, rules.get(i), path + ".podFailurePolicy.rules[" + i + "]", e);
            }
        }
        if (spec.has("successPolicy")) {
            if (!spec.text("completionMode").equals("Indexed")) {
                e.invalid(path + ".successPolicy", spec.at("successPolicy").map(), "requires indexed completion mode");
                return;
            }
            List<Obj> rules = spec.objects("successPolicy", "rules");
            if (rules.isEmpty()) {
                e.required(path + ".successPolicy.rules", "at least one rules must be specified when the successPolicy is specified");
            }
            limit(rules, path + ".successPolicy.rules", MOST_RULES, e);
            for (int i = 0; i < rules.size(); i++) {
                success(spec, rules.get(i), path + ".successPolicy.rules[" + i + "]", e);
            }
        }
    }

    private static void limit(List<?> list, String path, int most, FieldErrors e) {
        if (list.size() > most) {
            e.tooMany(path, list.size(), most);
        }
    }

    private static void failure(Obj spec, Obj rule, String path, FieldErrors e) {
        String action = rule.text("action");
        if (action.isEmpty()) {
            e.required(path + ".action", "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
        } else if (action.equals("FailIndex")) {
            if (!spec.has("backoffLimitPerIndex")) {
                e.invalid(path + ".action", action, "requires the backoffLimitPerIndex to be set");
            }
        } else {
            Texts.oneOf(action, path + ".action", ACTIONS, e);
        }
        boolean codes = rule.has("onExitCodes");
        List<Obj> conditions = rule.objects("onPodConditions");
        if (codes) {
            codes(spec, rule.at("onExitCodes"), path + ".onExitCodes", e);
        }
        limit(conditions, path + ".onPodConditions", MOST_PATTERNS, e);
        for (int i = 0; i < conditions.size(); i++) {
            condition(conditions.get(i), path + ".onPodConditions[" + i + "]", e);
        }
        if (codes == !conditions.isEmpty()) {
            e.invalid(path, "", codes ? "specifying both OnExitCodes and OnPodConditions is not supported"
                    : "specifying one of OnExitCodes and OnPodConditions is required");
        }
    }

    private static void condition(Obj pattern, String path, FieldErrors e) {
        if (pattern.text("type").isEmpty()) {
            e.required(path + ".type", "");
        }
        if (pattern.text("status").isEmpty()) {
            e.required(path + ".status", "valid values: [\"False\" \"True\" \"Unknown\"]");
        }
        Texts.oneOf(pattern.text("status"), path + ".status", STATUS, e);
    }

    private static void codes(Obj spec, Obj codes, String path, FieldErrors e) {
        String operator = codes.text("operator");
        if (operator.isEmpty()) {
            e.required(path + ".operator", "valid values: [\"In\" \"NotIn\"]");
        }
        Texts.oneOf(operator, path + ".operator", OPERATORS, e);
        String name = codes.text("containerName");
        boolean known = Stream.of("containers", "initContainers").flatMap(l -> spec.objects("template", "spec", l).stream()).anyMatch(c ->
                c.text("name").equals(name));
        if (codes.has("containerName") && !known) {
            e.invalid(path + ".containerName", name, "must be one of the container or initContainer names in the pod template");
        }
        List<?> values = codes.get("values") instanceof List<?> l ? l : List.of();
        if (values.isEmpty()) {
            e.invalid(path + ".values", values, "at least one value is required");
        }
        limit(values, path + ".values", MOST_CODES, e);
        values(values, operator, path + ".values", e);
    }

    private static void values(List<?> values, String operator, String path, FieldErrors e) {
        Set<Object> seen = new HashSet<>();
        boolean ordered = true;
        long before = Long.MIN_VALUE;
        for (int i = 0; i < values.size(); i++) {
            long value = values.get(i) instanceof Long n ? n : 0;
            if (operator.equals("In") && value == 0) {
                e.invalid(path + "[" + i + "]", value, "must not be 0 for the In operator");
            }
            if (!seen.add(value)) {
                e.duplicate(path + "[" + i + "]", value);
            }
            ordered &= before <= value;
            before = value;
        }
        if (!ordered) {
            e.invalid(path, values, "must be ordered");
        }
    }

    private static void success(Obj spec, Obj rule, String path, FieldErrors e) {
        long completions = spec.number("completions").orElse(0);
        String indexes = rule.text("succeededIndexes");
        int total = 0;
        if (!rule.has("succeededCount") && !rule.has("succeededIndexes")) {
            e.required(path, "at least one of succeededCount or succeededIndexes must be specified");
        }
        if (indexes.length() > MOST_INDEX_BYTES) {
            e.tooLong(path + ".succeededIndexes", MOST_INDEX_BYTES);
            return;
        }
        try {
            total = IndexText.count(indexes, completions);
        } catch (IllegalArgumentException x) {
            e.invalid(path + ".succeededIndexes", indexes, "error parsing succeededIndexes: " + x.getMessage());
        }
        if (rule.has("succeededCount")) {
            long count = rule.number("succeededCount").orElse(0);
            Texts.notNegative(count, path + ".succeededCount", e);
            if (count > completions) {
                e.invalid(path + ".succeededCount", count, "must be less than or equal to " + completions
                        + " (the number of specified completions)");
            }
            if (rule.has("succeededIndexes") && count > total) {
                e.invalid(path + ".succeededCount", count, "must be less than or equal to " + total
                        + " (the number of indexes in the specified succeededIndexes field)");
            }
        }
    }
}
