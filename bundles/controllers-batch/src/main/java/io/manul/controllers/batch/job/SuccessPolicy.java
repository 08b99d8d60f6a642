package io.manul.controllers.batch.job;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code spec.successPolicy}: enough when one of its rules is met (Kubernetes, "Jobs", Success policy). Pure. */
final class SuccessPolicy {

    private SuccessPolicy() {
    }

    /** The message of the condition, when it is met. */
    static Optional<String> met(Obj job, Indexes succeeded) {
        List<Obj> rules = job.objects("spec", "successPolicy", "rules");
        for (int i = 0; i < rules.size() && !succeeded.isEmpty(); i++) {
            if (met(rules.get(i), succeeded, JobSpec.indexes(job))) {
                return Optional.of("Matched rules at index " + i);
            }
        }
        return Optional.empty();
    }

    private static boolean met(Obj rule, Indexes succeeded, int completions) {
        OptionalLong count = rule.number("succeededCount");
        if (!rule.has("succeededIndexes")) {
            return count.isPresent() && succeeded.total() >= count.getAsLong();
        }
        Indexes required = Indexes.parse(rule.text("succeededIndexes"), completions);
        int common = required.common(succeeded);
        return !required.isEmpty() && (common == required.total() || count.isPresent() && common >= count.getAsLong());
    }
}
