package io.manul.apiserver.kinds.scheduling;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.kinds.Texts;
import io.manul.apiserver.kinds.misc.ClusterColumns;
import io.manul.apiserver.kinds.misc.MiscDefaults;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PriorityClass: its value and policy do not change; names that begin with {@code system-} are the system's own two. */
public final class PriorityClassStrategy implements Strategy {

    private static final Cells CELLS = ClusterColumns.PRIORITY_CLASS;
    private static final Map<String, Long> SYSTEM = Map.of("system-node-critical", 2_000_001_000L, "system-cluster-critical", 2_000_000_000L);
    private static final long MOST_FOR_USERS = 1_000_000_000;

    @Override
    public void defaults(Obj object) {
        MiscDefaults.priorityClass(object);
    }

    @Override
    public void validate(Obj c, FieldErrors e) {
        long value = c.number("value").orElse(0);
        if (c.name().startsWith("system-")) {
            String error = !SYSTEM.containsKey(c.name()) ? c.name() + " is not a known system priority class"
                    : SYSTEM.get(c.name()) != value ? "value of " + c.name() + " PriorityClass must be " + SYSTEM.get(c.name())
                    : c.flag("globalDefault") ? "globalDefault of " + c.name() + " PriorityClass must be false" : "";
            if (!error.isEmpty()) {
                e.forbidden("metadata.name", "priority class names with 'system-' prefix are reserved for system use only. error: " + error);
            }
        } else if (value > MOST_FOR_USERS) {
            e.forbidden("value", "maximum allowed value of a user defined priority is " + MOST_FOR_USERS);
        }
        Texts.oneOf(c.text("preemptionPolicy"), "preemptionPolicy", Set.of("PreemptLowerPriority", "Never"), e);
    }

    @Override
    public void validateUpdate(Obj c, Obj old, FieldErrors e) {
        if (c.number("value").orElse(0) != old.number("value").orElse(0)) {
            e.forbidden("value", "may not be changed in an update.");
        }
        if (!c.text("preemptionPolicy").equals(old.text("preemptionPolicy"))) {
            e.immutable("preemptionPolicy", c.text("preemptionPolicy"));
        }
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj object, Instant now) {
        return CELLS.of(object, now);
    }
}
