package io.manul.apiserver.kinds.apps;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.misc.ClusterColumns;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** ControllerRevision (apps/v1): its data never changes, its number may. */
public final class ControllerRevisionStrategy implements Strategy {

    private static final Cells CELLS = ClusterColumns.REVISION;

    @Override
    public boolean generation() {
        return false;
    }

    @Override
    public void validate(Obj o, FieldErrors e) {
        Texts.notNegative(o.number("revision").orElse(0), "revision", e);
    }

    @Override
    public void validateCreate(Obj o, FieldErrors e) {
        if (!o.has("data")) {
            e.required("data", "data is mandatory");
        } else if (!(o.get("data") instanceof Map<?, ?>)) {
            e.required("data", "data must be a valid JSON object");
        }
    }

    @Override
    public void validateUpdate(Obj o, Obj old, FieldErrors e) {
        if (!Objects.equals(o.get("data"), old.get("data"))) {
            e.immutable("data", o.get("data"));
        }
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
