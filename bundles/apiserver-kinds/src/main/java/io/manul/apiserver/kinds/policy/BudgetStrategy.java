package io.manul.apiserver.kinds.policy;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.apps.TemplateRules;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** PodDisruptionBudget (policy/v1). */
public final class BudgetStrategy implements Strategy {

    private static final Cells CELLS = new Cells().text("Min Available", b -> Cells.quantity(b.get("spec", "minAvailable"), "N/A"))
            .text("Max Unavailable", b -> Cells.quantity(b.get("spec", "maxUnavailable"), "N/A"))
            .number("Allowed Disruptions", Cells.count("status", "disruptionsAllowed")).age();

    @Override
    public void validate(Obj budget, FieldErrors e) {
        Obj spec = budget.at("spec");
        if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
            e.invalid("spec", spec.map(), "minAvailable and maxUnavailable cannot be both set");
        }
        for (String field : List.of("minAvailable", "maxUnavailable")) {
            Object value = spec.get(field);
            TemplateRules.share(value, "spec." + field, e);
            if (value instanceof String s && s.matches("[0-9]{1,9}%") && Long.parseLong(s.substring(0, s.length() - 1)) > 100) {
                e.invalid("spec." + field, s, "must not be greater than 100%");
            }
        }
        TemplateRules.selector(spec.at("selector"), "spec.selector", e);
        Texts.oneOf(spec.text("unhealthyPodEvictionPolicy"), "spec.unhealthyPodEvictionPolicy", Set.of("AlwaysAllow", "IfHealthyBudget"),
                e);
    }

    @Override
    public void validateStatus(Obj budget, Obj old, FieldErrors e) {
        for (String field : List.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")) {
            budget.number("status", field).ifPresent(v -> Texts.notNegative(v, "status." + field, e));
        }
    }

    @Override
    public boolean unconditionalUpdate() {
        return false;
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj budget, Instant now) {
        return CELLS.of(budget, now);
    }
}
