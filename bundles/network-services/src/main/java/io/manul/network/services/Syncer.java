package io.manul.network.services;

import io.manul.client.Informer;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the table to what Services and EndpointSlices say, one transaction for all that changed meanwhile. A failed one is
 * followed by a whole one. Runs on a virtual thread of its own.
 */
final class Syncer implements Runnable {

    static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Informer services;
    private final Informer slices;
    private final PortRules rules;
    private final String table;
    private final String podNetwork;
    private final Tool tool;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private boolean dirty = true;
    private volatile boolean closed;
    private Ruleset applied;
    private List<PortRule> appliedRules = List.of();
    final AtomicLong steps = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    volatile String trouble = "";

    Syncer(Informer services, Informer slices, PortRules rules, String table, String podNetwork, Tool tool) {
        this.services = services;
        this.slices = slices;
        this.rules = rules;
        this.table = table;
        this.podNetwork = podNetwork;
        this.tool = tool;
    }

    void changed() {
        lock.lock();
        try {
            dirty = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        changed();
    }

    @Override
    public void run() {
        try {
            while (!(services.awaitSynced(Duration.ofMinutes(1)) && slices.awaitSynced(Duration.ofMinutes(1)))) {
                if (closed) {
                    return;
                }
                LOG.warn("Waiting for Services and EndpointSlices to be listed");
            }
            while (awaitChange()) {
                sync();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitChange() throws InterruptedException {
        lock.lock();
        try {
            while (!dirty && !closed) {
                wake.await();
            }
            dirty = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void sync() throws InterruptedException {
        List<PortRule> wanted = new ArrayList<>();
        for (Obj service : services.list()) {
            wanted.addAll(rules.of(service, slices.byIndex(SERVICE_LABEL, service.namespace() + "/" + service.name())));
        }
        Ruleset next = new Ruleset(wanted);
        String script = applied == null ? Script.whole(table, podNetwork, next) : Script.difference(table, podNetwork, applied, next);
        try {
            if (!script.isEmpty()) {
                tool.run(script, "nft", "-f", "-");
            }
            forgetStale(wanted);
            applied = next;
            appliedRules = wanted;
            steps.incrementAndGet();
            trouble = "";
        } catch (IOException e) {
            failures.incrementAndGet();
            trouble = "Service rules were not written: " + e.getMessage();
            LOG.error("Service rules were not written; the whole table is written again in {} s why={}", RETRY.toSeconds(), e.getMessage());
            applied = null;
            retryLater();
        }
    }

    /** UDP flows to an endpoint that is gone would be sent there for ever: conntrack forgets them. */
    private void forgetStale(List<PortRule> wanted) throws IOException, InterruptedException {
        TreeSet<Endpoint> now = new TreeSet<>();
        wanted.stream().filter(r -> r.protocol().equals("udp")).forEach(r -> now.addAll(r.inside()));
        TreeSet<Endpoint> gone = new TreeSet<>();
        appliedRules.stream().filter(r -> r.protocol().equals("udp")).forEach(r -> gone.addAll(r.inside()));
        gone.removeAll(now);
        for (Endpoint e : gone) {
            try {
                tool.run("", "conntrack", "-D", "-p", "udp", "--dst-nat", e.ip());
            } catch (IOException ex) {
                // code 1 with "0 flow entries have been deleted": there was none
                if (!ex.getMessage().contains("0 flow entries")) {
                    throw ex;
                }
            }
        }
    }

    private void retryLater() throws InterruptedException {
        lock.lock();
        try {
            long left = RETRY.toNanos();
            while (!closed && left > 0) {
                left = wake.awaitNanos(left);
            }
            dirty = true;
        } finally {
            lock.unlock();
        }
    }
}
