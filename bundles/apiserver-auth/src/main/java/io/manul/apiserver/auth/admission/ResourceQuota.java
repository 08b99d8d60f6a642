package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Ledger;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Refuses what would go beyond a ResourceQuota of its namespace, and books what it lets in on the quota's status before the
 * object is stored (Kubernetes, "Resource Quotas"; decisions as kube-apiserver 1.36, admission/plugin/resourcequota). It goes by
 * {@code status.hard}: a quota that the controller has not counted for yet limits nothing. What was booked and then not
 * stored, the controller's next count takes back.
 *
 * <p>The last plug-in: nobody refuses after it. One booking of a namespace waits for the other here; by the ledger's compare and
 * swap also for those of the controller and of other servers.
 */
public final class ResourceQuota implements Admission {

    private static final int STRIPES = 16;
    /** Bookings of other servers and counts of the controller that may come between. */
    private static final int TRIES = 20;

    private final Ledger ledger;
    private final ReentrantLock[] locks = Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

    public ResourceQuota(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public void validate(Write w) throws ApiException {
        if (!concerns(w) || w.reader().list("", "resourcequotas", w.namespace()).isEmpty()) {
            return;
        }
        ReentrantLock lock = locks[(w.namespace().hashCode() & 0x7fffffff) % STRIPES];
        lock.lock();
        try {
            book(w);
        } finally {
            lock.unlock();
        }
    }

    /** An update counts where it can ask for more: a Service's type, a claim's size, a pod's deadline. */
    private static boolean concerns(Write w) {
        String resource = w.resource().groupResource();
        if (w.namespace().isEmpty() || resource.equals("events") || resource.equals("events.events.k8s.io")) {
            return false;
        }
        if (w.operation() == Operation.CREATE) {
            return w.subresource().isEmpty();
        }
        return w.operation() == Operation.UPDATE && switch (resource) {
            case "services" -> w.subresource().isEmpty();
            case "persistentvolumeclaims" -> w.subresource().isEmpty() || w.subresource().equals("status");
            case "pods" -> w.subresource().equals("resize") || w.subresource().isEmpty()
                    && w.object().has("spec", "activeDeadlineSeconds") != w.old().has("spec", "activeDeadlineSeconds");
            default -> false;
        };
    }

    private void book(Write w) throws ApiException {
        Set<String> done = new HashSet<>();
        for (int i = 0; i < TRIES; i++) {
            List<Obj> quotas = w.reader().list("", "resourcequotas", w.namespace()).stream().filter(q -> !done.contains(q.uid())).toList();
            boolean missed = false;
            for (Obj booked : Bookings.of(quotas, w)) {
                if (w.dryRun() || ledger.replace("", "resourcequotas", booked)) {
                    done.add(booked.uid());
                } else {
                    missed = true;
                }
            }
            if (!missed) {
                return;
            }
        }
        throw ApiException.modified("", "resourcequotas", w.namespace());
    }
}
