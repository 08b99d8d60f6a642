package io.manul.apiserver.kinds.core;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Namespace (core/v1): phase, the finalizer {@code kubernetes}, the name as a label. */
public final class NamespaceStrategy implements Strategy {

    private static final Cells CELLS = new Cells().text("Status", n -> n.text("status", "phase")).age();

    @Override
    public void defaults(Obj o) {
        if (!o.name().isEmpty()) {
            o.set(o.name(), "metadata", "labels", "kubernetes.io/metadata.name");
        }
    }

    @Override
    public void prepareCreate(Obj o, Write write) {
        o.put("status", Obj.of("phase", "Active"));
        List<Object> finalizers = o.list("spec", "finalizers");
        if (!finalizers.contains("kubernetes")) {
            finalizers.add("kubernetes");
        }
    }

    /** Finalizers change through the sub-resource {@code finalize} only. */
    @Override
    public void prepareUpdate(Obj o, Obj old, Write write) {
        if (!write.subresource().equals("finalize")) {
            o.put("spec", old.get("spec"));
        }
    }

    @Override
    public boolean generation() {
        return false;
    }

    @Override
    public Map<String, String> selectable(Obj o) {
        return Map.of("status.phase", o.text("status", "phase"));
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
