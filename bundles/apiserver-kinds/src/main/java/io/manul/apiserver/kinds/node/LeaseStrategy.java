package io.manul.apiserver.kinds.node;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;

/** Lease (coordination.k8s.io/v1): a renewal by the same holder need not be on disk at once. */
public final class LeaseStrategy implements Strategy {

    private static final Cells CELLS = new Cells().text("Holder", l -> l.text("spec", "holderIdentity")).age();

    @Override
    public boolean volatileWrite(Obj lease, Obj old) {
        if (old == null) {
            return false;
        }
        Obj was = old.at("spec").copy();
        Obj now = lease.at("spec").copy();
        was.remove("renewTime");
        now.remove("renewTime");
        return was.equals(now) && lease.labels().equals(old.labels()) && lease.annotations().equals(old.annotations());
    }

    @Override
    public boolean createOnUpdate() {
        return true;
    }

    @Override
    public boolean unconditionalUpdate() {
        return false;
    }

    @Override
    public boolean generation() {
        return false;
    }

    @Override
    public void validate(Obj lease, FieldErrors e) {
        lease.number("spec", "leaseDurationSeconds").ifPresent(n -> {
            if (n <= 0) {
                e.invalid("spec.leaseDurationSeconds", n, "must be greater than 0");
            }
        });
        lease.number("spec", "leaseTransitions").ifPresent(n -> {
            if (n < 0) {
                e.invalid("spec.leaseTransitions", n, "must be greater than or equal to 0");
            }
        });
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
