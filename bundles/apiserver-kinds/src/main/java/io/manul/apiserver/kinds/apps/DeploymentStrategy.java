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
import java.util.Set;

/** Deployment (apps/v1). */
public final class DeploymentStrategy implements Strategy {

    private static final Cells CELLS = new Cells()
            .text("Ready", d -> d.number("status", "readyReplicas").orElse(0) + "/" + d.number("spec", "replicas").orElse(0))
            .number("Up-to-date", Cells.count("status", "updatedReplicas"))
            .number("Available", Cells.count("status", "availableReplicas")).age().template("spec", "selector");

    @Override
    public void defaults(Obj o) {
        TemplateRules.defaults(o);
        Obj spec = o.make("spec");
        Defaults.fill(spec, "replicas", 1, "revisionHistoryLimit", 10, "progressDeadlineSeconds", 600);
        Obj strategy = spec.make("strategy");
        Defaults.fill(strategy, "type", "RollingUpdate");
        if (strategy.text("type").equals("RollingUpdate")) {
            Defaults.fill(strategy.make("rollingUpdate"), "maxUnavailable", "25%", "maxSurge", "25%");
        }
    }

    @Override
    public void validate(Obj o, FieldErrors e) {
        Obj spec = o.at("spec");
        TemplateRules.check(spec, e);
        spec.number("replicas").ifPresent(n -> Texts.notNegative(n, "spec.replicas", e));
        spec.number("minReadySeconds").ifPresent(n -> Texts.notNegative(n, "spec.minReadySeconds", e));
        spec.number("revisionHistoryLimit").ifPresent(n -> Texts.notNegative(n, "spec.revisionHistoryLimit", e));
        spec.number("progressDeadlineSeconds").ifPresent(n -> {
            Texts.notNegative(n, "spec.progressDeadlineSeconds", e);
            if (n <= spec.number("minReadySeconds").orElse(0)) {
                e.invalid("spec.progressDeadlineSeconds", n, "must be greater than minReadySeconds");
            }
        });
        strategy(spec.at("strategy"), e);
    }

    private static void strategy(Obj strategy, FieldErrors e) {
        String type = strategy.text("type");
        Texts.oneOf(type, "spec.strategy.type", Set.of("Recreate", "RollingUpdate"), e);
        if (type.equals("Recreate") && strategy.has("rollingUpdate")) {
            e.forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        }
        if (type.equals("RollingUpdate")) {
            Object unavailable = strategy.get("rollingUpdate", "maxUnavailable");
            Object surge = strategy.get("rollingUpdate", "maxSurge");
            TemplateRules.share(unavailable, "spec.strategy.rollingUpdate.maxUnavailable", e);
            TemplateRules.share(surge, "spec.strategy.rollingUpdate.maxSurge", e);
            if (TemplateRules.zero(unavailable) && TemplateRules.zero(surge)) {
                e.invalid("spec.strategy.rollingUpdate.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0");
            }
            if (unavailable instanceof String s && s.matches("[0-9]{1,9}%") && Long.parseLong(s.replace("%", "")) > 100) {
                e.invalid("spec.strategy.rollingUpdate.maxUnavailable", s, "must not be greater than 100%");
            }
        }
    }

    @Override
    public void validateUpdate(Obj o, Obj old, FieldErrors e) {
        TemplateRules.selectorUnchanged(o, old, e);
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
