package io.manul.apiserver.kinds.apps;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;

/** DaemonSet (apps/v1); the generation of its template is kept in the annotation that upstream still shows. */
public final class DaemonSetStrategy implements Strategy {

    private static final String GENERATION = "deprecated.daemonset.template.generation";
    private static final Cells CELLS = new Cells().number("Desired", Cells.count("status", "desiredNumberScheduled"))
            .number("Current", Cells.count("status", "currentNumberScheduled")).number("Ready", Cells.count("status", "numberReady"))
            .number("Up-to-date", Cells.count("status", "updatedNumberScheduled"))
            .number("Available", Cells.count("status", "numberAvailable"))
            .text("Node Selector", d -> Cells.selector(d.at("spec", "template", "spec", "nodeSelector"))).age().template("spec", "selector");
    private static final List<String> COUNTS = List.of("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady",
            "observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount");

    @Override
    public void defaults(Obj o) {
        TemplateRules.defaults(o);
        Obj spec = o.make("spec");
        Defaults.fill(spec, "revisionHistoryLimit", 10);
        Defaults.fill(spec.make("updateStrategy"), "type", "RollingUpdate");
        if (spec.text("updateStrategy", "type").equals("RollingUpdate")) {
            Defaults.fill(spec.make("updateStrategy", "rollingUpdate"), "maxUnavailable", 1, "maxSurge", 0);
        }
    }

    @Override
    public void prepareCreate(Obj o, Write write) {
        generation(o, Math.max(1, generation(o)));
    }

    @Override
    public void prepareUpdate(Obj o, Obj old, Write write) {
        boolean changed = !o.at("spec", "template").equals(old.at("spec", "template"));
        generation(o, generation(old) + (changed ? 1 : 0));
    }

    private static long generation(Obj o) {
        String n = o.annotations().getOrDefault(GENERATION, "");
        return n.matches("[0-9]{1,18}") ? Long.parseLong(n) : 0;
    }

    private static void generation(Obj o, long n) {
        o.make("metadata", "annotations").put(GENERATION, Long.toString(n));
    }

    @Override
    public void validate(Obj o, FieldErrors e) {
        Obj spec = o.at("spec");
        TemplateRules.check(spec, "DaemonSet", "daemonset", e);
        spec.number("minReadySeconds").ifPresent(n -> Texts.notNegative(n, "spec.minReadySeconds", e));
        spec.number("revisionHistoryLimit").ifPresent(n -> Texts.notNegative(n, "spec.revisionHistoryLimit", e));
        Obj strategy = spec.at("updateStrategy");
        switch (strategy.text("type")) {
            case "OnDelete" -> { }
            case "RollingUpdate" -> rolling(strategy.at("rollingUpdate"), "spec.updateStrategy.rollingUpdate", e);
            default -> e.notSupported("spec.updateStrategy", strategy.map(), List.of("RollingUpdate", "OnDelete"));
        }
    }

    private static void rolling(Obj rolling, String path, FieldErrors e) {
        Object unavailable = rolling.get("maxUnavailable");
        Object surge = rolling.get("maxSurge");
        TemplateRules.share(unavailable, path + ".maxUnavailable", e);
        TemplateRules.share(surge, path + ".maxSurge", e);
        TemplateRules.atMostAll(unavailable, path + ".maxUnavailable", e);
        TemplateRules.atMostAll(surge, path + ".maxSurge", e);
        if (!TemplateRules.zero(unavailable) && !TemplateRules.zero(surge)) {
            e.invalid(path + ".maxSurge", surge, "may not be set when maxUnavailable is non-zero");
        } else if (TemplateRules.zero(unavailable) && TemplateRules.zero(surge)) {
            e.required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
        }
    }

    @Override
    public void validateUpdate(Obj o, Obj old, FieldErrors e) {
        TemplateRules.selectorUnchanged(o, old, e);
    }

    @Override
    public void validateStatus(Obj o, Obj old, FieldErrors e) {
        TemplateRules.counts(o.at("status"), COUNTS, "", List.of(), e);
        TemplateRules.collisions(o, old, e);
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
