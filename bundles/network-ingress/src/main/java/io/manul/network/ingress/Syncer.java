package io.manul.network.ingress;

import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings HAProxy to what the Ingresses ask for, whenever something changes; starts it with the first one, ends it a while after
 * the last one, starts it again when it dies. Runs on a virtual thread of its own.
 */
final class Syncer implements Runnable {

    /** Writes where the Ingresses are reached. */
    interface Addresses {
        void write(List<Obj> ingresses) throws ClusterException, InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);
    private static final int FIRST_SLOTS = 64;
    private static final int MOST_SLOTS = 4096;
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration DRAINING = Duration.ofSeconds(10);
    private static final Duration EMPTY = Duration.ofSeconds(20);

    private final World world;
    private final Haproxy haproxy;
    private final Admin admin;
    private final Places places;
    private final Addresses addresses;
    private final Events events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Map<String, String> given = new HashMap<>();
    private final Map<String, List<String>> hosts = new HashMap<>();
    private Set<String> told = new HashSet<>();
    private boolean dirty = true;
    private volatile boolean closed;
    /** This thread's. */
    private Watch watch;
    final AtomicLong steps = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    volatile String trouble = "";

    Syncer(World world, Haproxy haproxy, Admin admin, Places places, Addresses addresses, Events events) {
        this.world = world;
        this.haproxy = haproxy;
        this.admin = admin;
        this.places = places;
        this.addresses = addresses;
        this.events = events;
    }

    void changed() {
        lock.lock();
        try {
            dirty = true;
            news.signalAll();
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
            Duration again = Duration.ZERO;
            while (await(again)) {
                again = sync();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ended
        } finally {
            try {
                endWatch();
            } catch (IOException e) {
                LOG.warn("The connection to HAProxy was not closed why={}", e.getMessage());
            }
        }
    }

    /** @param again zero: only when something changed */
    private boolean await(Duration again) throws InterruptedException {
        lock.lock();
        try {
            long left = again.toNanos();
            while (!dirty && !closed && (again.isZero() || left > 0)) {
                if (again.isZero()) {
                    news.await();
                } else {
                    left = news.awaitNanos(left);
                }
            }
            dirty = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** @return after what time to look again; zero: only when something changes */
    private Duration sync() throws InterruptedException {
        try {
            Picture picture = new Planner(world).plan();
            Duration again = picture.isEmpty() ? end() : apply(picture);
            addresses.write(Planner.ours(world));
            tell(picture.troubles());
            steps.incrementAndGet();
            trouble = "";
            return again;
        } catch (IOException e) {
            return failed("HAProxy was not brought up to date: " + e.getMessage());
        } catch (ClusterException e) {
            return failed("The status of Ingresses was not written: " + e.getMessage());
        } catch (RuntimeException e) {
            failures.incrementAndGet(); // a fault of ours: the loop goes on, and a swap to this version is taken back
            LOG.debug("A step failed", e);
            return failed("A step of this room failed: " + e);
        }
    }

    private Duration failed(String what) {
        if (!what.equals(trouble)) {
            LOG.error("{}; tried again every {} s", what, RETRY.toSeconds());
        }
        trouble = what;
        return RETRY;
    }

    private Duration apply(Picture picture) throws IOException, InterruptedException {
        int slots = haproxy.slots();
        if (slots == 0) {
            given.clear();
            haproxy.start(FIRST_SLOTS);
            slots = FIRST_SLOTS;
        }
        watch();
        hosts.keySet().retainAll(given.keySet());
        picture.certificates().forEach(c -> hosts.put(c.file(), List.copyOf(c.hosts())));
        try {
            return applied(picture, slots);
        } catch (Applier.Full e) {
            if (slots * 2 > MOST_SLOTS) {
                throw new IOException("more than " + MOST_SLOTS + " ports of Services are named by Ingresses", e);
            }
            LOG.info("More backends are needed: HAProxy's worker is followed by one with more slots={}", slots * 2);
            haproxy.grow(slots * 2, Live.read(admin, places), given, hosts);
            return RETRY;
        }
    }

    private Duration applied(Picture picture, int slots) throws IOException, Applier.Full {
        List<Trouble> refused = new ArrayList<>();
        boolean all = new Applier(admin, places, slots, given, (c, why) -> Planner.ours(world).stream()
                .filter(i -> i.namespace().equals(c.namespace()) && i.objects("spec", "tls").stream().anyMatch(t -> t.text("secretName").equals(c.secret())))
                .forEach(i -> refused.add(new Trouble(i, "InvalidSecret", "TLS secret " + c.namespace() + "/" + c.secret() + " cannot be used: "
                        + why + "; " + Certificates.INSTEAD)))).apply(picture);
        picture.troubles().addAll(refused);
        return all ? Duration.ZERO : DRAINING;
    }

    private Duration end() throws IOException, InterruptedException {
        if (!haproxy.running()) {
            return Duration.ZERO;
        }
        try {
            applied(new Picture(Map.of(), Map.of(), Map.of(), List.of(), new ArrayList<>()), haproxy.slots());
        } catch (Applier.Full e) {
            throw new IllegalStateException("nothing needs a slot", e);
        }
        lock.lock();
        try {
            long left = EMPTY.toNanos();
            while (!dirty && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            if (dirty && !closed) {
                return Duration.ZERO;
            }
        } finally {
            lock.unlock();
        }
        endWatch();
        haproxy.stop();
        LOG.info("HAProxy ended: no Ingress is left");
        return Duration.ZERO;
    }

    /** When it dies we hear of it. */
    private void watch() throws IOException {
        if (watch == null || watch.over()) {
            endWatch();
            watch = new Watch(places.admin(), this::changed);
        }
    }

    private void endWatch() throws IOException {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    /** Each once, until it is no more. */
    private void tell(List<Trouble> troubles) {
        Set<String> now = new HashSet<>();
        for (Trouble t : troubles) {
            if (now.add(t.identity()) && !told.contains(t.identity())) {
                Obj about = t.ingress();
                about.put("apiVersion", "networking.k8s.io/v1").put("kind", "Ingress");
                events.warning(about, t.reason(), t.message());
            }
        }
        told = now;
    }
}
