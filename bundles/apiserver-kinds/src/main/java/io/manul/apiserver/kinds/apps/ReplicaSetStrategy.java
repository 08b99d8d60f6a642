package io.manul.apiserver.kinds.apps;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** ReplicaSet (apps/v1). */
public final class ReplicaSetStrategy implements Strategy {

    static final Cells CELLS = new Cells().number("Desired", Cells.count("spec", "replicas"))
            .number("Current", Cells.count("status", "replicas")).number("Ready", Cells.count("status", "readyReplicas")).age()
            .template("spec", "selector");

    @Override
    public void defaults(Obj o) {
        TemplateRules.defaults(o);
        Defaults.fill(o.make("spec"), "replicas", 1);
    }

    @Override
    public void validate(Obj o, FieldErrors e) {
        TemplateRules.check(o.at("spec"), e);
        o.number("spec", "replicas").ifPresent(n -> Texts.notNegative(n, "spec.replicas", e));
        o.number("spec", "minReadySeconds").ifPresent(n -> Texts.notNegative(n, "spec.minReadySeconds", e));
    }

    @Override
    public void validateUpdate(Obj o, Obj old, FieldErrors e) {
        TemplateRules.selectorUnchanged(o, old, e);
    }

    @Override
    public void validateStatus(Obj o, Obj old, FieldErrors e) {
        long all = o.number("status", "replicas").orElse(0);
        for (String part : List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas")) {
            long n = o.number("status", part).orElse(0);
            Texts.notNegative(n, "status." + part, e);
            if (n > all) {
                e.invalid("status." + part, n, "cannot be greater than status.replicas");
            }
        }
    }

    @Override
    public Map<String, String> selectable(Obj o) {
        return Map.of("status.replicas", Long.toString(o.number("status", "replicas").orElse(0)));
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj o, Instant now) {
        return CELLS.of(o, now);
    }
}
