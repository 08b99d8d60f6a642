package io.manul.apiserver.kinds.misc;

import io.manul.apiserver.kinds.Cells;
import io.manul.json.Obj;

/** Columns of dynamic resource allocation (resource.k8s.io). */
public final class DeviceColumns {

    /** Device classes and claim templates. */
    public static final Cells NAMED = new Cells().age();

    public static final Cells CLAIM = new Cells().text("State", DeviceColumns::state).age();

    public static final Cells SLICE = new Cells().text("Node", s -> s.text("spec", "nodeName")).text("Driver", s -> s.text("spec", "driver"))
            .text("Pool", s -> s.text("spec", "pool", "name")).age();

    private DeviceColumns() {
    }

    private static String state(Obj claim) {
        String allocated = !claim.has("status", "allocation") ? ""
                : claim.objects("status", "reservedFor").isEmpty() ? "allocated" : "allocated,reserved";
        if (claim.deleting()) {
            return allocated.isEmpty() ? "deleted" : "deleted," + allocated;
        }
        return Cells.or(allocated, "pending");
    }
}
