package io.manul.apiserver.kinds.core;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Defaults;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.apps.TemplateRules;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** ReplicationController (v1): its labels and its selector are the template's when it has none. */
public final class ReplicationControllerStrategy implements Strategy {

    private static final Cells CELLS = new Cells().number("Desired", Cells.count("spec", "replicas"))
            .number("Current", Cells.count("status", "replicas")).number("Ready", Cells.count("status", "readyReplicas")).age()
            .template("spec", "selector");
    private static final List<String> BOUNDED = List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas");

    @Override
    public void defaults(Obj o) {
        Obj spec = o.make("spec");
        Defaults.fill(spec, "replicas", 1);
        if (!spec.has("template")) {
            return;
        }
        TemplateRules.defaults(o);
        Obj labels = spec.at("template", "metadata", "labels");
        if (!labels.isEmpty() && spec.at("selector").isEmpty()) {
            spec.put("selector", labels.copy());
        }
        if (!labels.isEmpty() && o.labels().isEmpty()) {
            o.make("metadata").put("labels", labels.copy());
        }
    }

    @Override
    public void prepareCreate(Obj o, Write write) {
        if (!Texts.isLabel(o.name())) {
            write.warnings().add("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is"
                    + " recommended");
        }
    }

    @Override
    public void validate(Obj o, FieldErrors e) {
        Obj spec = o.at("spec");
        Map<String, String> selector = spec.stringMap("selector");
        spec.number("minReadySeconds").ifPresent(n -> Texts.notNegative(n, "spec.minReadySeconds", e));
        if (selector.isEmpty()) {
            e.required("spec.selector", "");
        }
        spec.number("replicas").ifPresent(n -> Texts.notNegative(n, "spec.replicas", e));
        if (!spec.has("template")) {
            e.required("spec.template", "");
            return;
        }
        if (!Selector.of(selector).matches(spec.stringMap("template", "metadata", "labels"))) {
            e.invalid("spec.template.metadata.labels", spec.at("template", "metadata", "labels").map(),
                    "`selector` does not match template `labels`");
        }
        TemplateRules.template(spec, "ReplicationController", e);
    }

    @Override
    public void validateStatus(Obj o, Obj old, FieldErrors e) {
        Obj status = o.at("status");
        TemplateRules.counts(status, List.of("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"),
                "replicas", BOUNDED, e);
        if (status.number("availableReplicas").orElse(0) > status.number("readyReplicas").orElse(0)) {
            e.invalid("status.availableReplicas", status.number("availableReplicas").orElse(0), "cannot be greater than readyReplicas");
        }
    }

    /** For backward compatibility (Kubernetes, "Garbage Collection"). */
    @Override
    public boolean orphansDependents() {
        return true;
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
