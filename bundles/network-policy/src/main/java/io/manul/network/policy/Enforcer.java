package io.manul.network.policy;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the table to what policies, namespaces and pods say, one transaction for all that changed meanwhile; a failed one is
 * followed by a whole one. Without a policy there is no table, and pods are not looked at. Runs on a virtual thread of its own.
 */
final class Enforcer implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Enforcer.class);
    private static final Duration ALONE = Duration.ofSeconds(3);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Cluster cluster;
    private final String node;
    private final Optional<PodEntry> dns;
    private final Tool tool;
    private final Memory memory;
    /** What is enforced is only remembered: the API was not reached yet. Guarded by the lock. */
    private boolean remembered;
    private final Informer policies;
    private Informer pods;
    private Informer namespaces;
    private final World world = new World();
    private final Script script = new Script();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Condition done = lock.newCondition();
    private Pending pending = new Pending();
    private long applied;
    private boolean closed;
    /** Versions of the policies taken in, by key. Guarded by the lock. */
    private final Map<Key, Policy> told = new java.util.HashMap<>();
    final AtomicLong steps = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    volatile String trouble = "";

    /** @param dns what answers at the cluster DNS address on every node, as the pod that a policy expects there */
    Enforcer(Cluster cluster, String node, Optional<PodEntry> dns, Map<String, List<String>> sandboxes, Memory memory, Tool tool) {
        this.cluster = cluster;
        this.node = node;
        this.dns = dns;
        this.tool = tool;
        this.memory = memory;
        pending.sandboxes.putAll(sandboxes);
        pending.generation = 1;
        policies = cluster.informer(Resources.NETWORK_POLICIES, Selection.ALL).keep(Enforcer::identity).listen(this::policy);
    }

    void start() {
        policies.start();
    }

    private static Obj identity(Obj o) {
        return Obj.of("metadata", Obj.of("name", o.name(), "namespace", o.namespace(), "uid", o.uid(), "resourceVersion", o.resourceVersion()));
    }

    // ---- what happens, told by informers

    private void change(java.util.function.Consumer<Pending> change) {
        lock.lock();
        try {
            change.accept(pending);
            pending.generation++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void policy(Informer.Change c) {
        Key key = Key.of(c.object());
        Optional<Policy> now = c.kind() == Informer.Kind.DELETED ? Optional.empty() : Optional.of(Policy.of(c.object()));
        change(p -> {
            p.policies.put(key, now);
            now.ifPresentOrElse(n -> told.put(key, n), () -> told.remove(key));
        });
    }

    private void namespace(Informer.Change c) {
        Optional<Map<String, String>> labels = c.kind() == Informer.Kind.DELETED ? Optional.empty() : Optional.of(c.object().labels());
        change(p -> p.namespaces.put(c.object().name(), labels));
    }

    private void pod(Informer.Change c) {
        boolean gone = c.kind() == Informer.Kind.DELETED;
        Key key = Key.of(c.object());
        Optional<PodEntry> now = gone ? Optional.empty() : PodEntry.of(c.object(), node);
        if (!gone && now.equals(pendingOrKnown(key)) && c.kind() != Informer.Kind.ADDED) {
            return; // nothing that concerns us
        }
        change(p -> {
            p.pods.put(key, now);
            if (gone) {
                p.gone.add(c.object().uid());
            }
        });
    }

    private Optional<PodEntry> pendingOrKnown(Key key) {
        lock.lock();
        try {
            Optional<PodEntry> waiting = pending.pods.get(key);
            return waiting != null ? waiting : world.pod(key);
        } finally {
            lock.unlock();
        }
    }

    // ---- the loop

    @Override
    public void run() {
        try {
            if (!policies.awaitSynced(ALONE)) {
                remember();
            }
            for (Pending p = await(); p != null; p = await()) {
                sync(p);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeInformers();
            if (policies.synced()) {
                memory.save(world, true);
            }
        }
    }

    /** Without the API: what was known when it was last there is enforced, until it is back. */
    private void remember() throws InterruptedException {
        Optional<Pending> known = memory.load();
        LOG.warn("The API does not answer; network policies are those that are remembered policies={}", known.map(k -> k.policies.size()).orElse(0));
        lock.lock();
        try {
            remembered = true;
            known.ifPresent(k -> {
                k.policies.forEach(pending.policies::putIfAbsent);
                k.namespaces.forEach(pending.namespaces::putIfAbsent);
                k.pods.forEach(pending.pods::putIfAbsent);
                k.policies.forEach((key, p) -> told.putIfAbsent(key, p.orElseThrow()));
            });
        } finally {
            lock.unlock();
        }
        while (!policies.synced()) {
            Pending news = await(Duration.ofMillis(500));
            if (news != null) {
                world.take(news);
                tryWrite(news.generation);
            } else if (isClosed()) {
                return;
            }
        }
        change(p -> {
            remembered = false;
            known.ifPresent(k -> {
                k.policies.keySet().stream().filter(key -> policies.get(key).isEmpty()).forEach(key -> {
                    p.policies.put(key, Optional.empty());
                    told.remove(key);
                });
                // pods and namespaces are told anew; those that are not any more were only remembered
                k.pods.keySet().forEach(key -> p.pods.putIfAbsent(key, Optional.empty()));
                k.namespaces.keySet().forEach(n -> p.namespaces.putIfAbsent(n, Optional.empty()));
            });
        });
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Null when nothing changed in that time, or it is closed. */
    private Pending await(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (pending.generation == applied && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            return closed || pending.generation == applied ? null : swap();
        } finally {
            lock.unlock();
        }
    }

    private Pending await() throws InterruptedException {
        lock.lock();
        try {
            while (pending.generation == applied && !closed) {
                news.await();
            }
            return closed ? null : swap();
        } finally {
            lock.unlock();
        }
    }

    private Pending swap() {
        Pending taken = pending;
        pending = new Pending();
        pending.generation = taken.generation;
        return taken;
    }

    private void sync(Pending first) throws InterruptedException {
        world.take(first);
        Pending last = first;
        if (!world.empty() && pods == null) {
            openInformers();
            lock.lock();
            try {
                last = swap();
            } finally {
                lock.unlock();
            }
            world.take(last);
        } else if (world.empty() && pods != null) {
            closeInformers();
            world.forgetPods();
        }
        tryWrite(last.generation);
    }

    private void tryWrite(long generation) throws InterruptedException {
        try {
            write();
            steps.incrementAndGet();
            trouble = "";
            applied(generation);
            if (policies.synced()) {
                memory.save(world, false);
            }
        } catch (IOException e) {
            failures.incrementAndGet();
            trouble = "Network policy rules were not written: " + e.getMessage();
            LOG.error("Network policy rules were not written; the whole table is written again in {} s why={}", RETRY.toSeconds(), e.getMessage());
            script.forget();
            retryLater();
        }
    }

    private void write() throws IOException, InterruptedException {
        if (world.empty()) {
            tool.run(Frame.nothing(), "nft", "-f", "-");
            script.forget();
            return;
        }
        String text = script.to(world);
        if (!text.isEmpty()) {
            tool.run(text, "nft", "-f", "-");
        }
        script.written(world);
    }

    private void applied(long generation) {
        lock.lock();
        try {
            applied = generation;
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void retryLater() throws InterruptedException {
        lock.lock();
        try {
            long left = RETRY.toNanos();
            while (!closed && left > 0) {
                left = news.awaitNanos(left);
            }
            pending.generation++;
        } finally {
            lock.unlock();
        }
    }

    private void openInformers() throws InterruptedException {
        dns.ifPresent(d -> change(p -> p.pods.put(d.key(), dns)));
        namespaces = cluster.informer(Resources.NAMESPACES, Selection.ALL).metadataOnly().listen(this::namespace).start();
        pods = cluster.informer(Resources.PODS, Selection.ALL).keep(Enforcer::identity).listen(this::pod).start();
        while (!(namespaces.awaitSynced(Duration.ofMinutes(1)) && pods.awaitSynced(Duration.ofMinutes(1)))) {
            LOG.warn("Waiting for Pods and Namespaces to be listed; policies are not in force");
        }
    }

    private void closeInformers() {
        if (pods != null) {
            pods.close();
            namespaces.close();
            pods = null;
            namespaces = null;
        }
    }

    // ---- the guard of new pods

    /** Returns once the rules for this pod are in the kernel. */
    void guard(Key key, String uid, List<String> addresses, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        if (!await(end, () -> policies.synced() || remembered)) {
            throw new IOException("NetworkPolicies could not be listed within " + limit.toMillis() + " ms");
        }
        await("NetworkPolicies of namespace " + key.namespace() + " are not all taken in", end, fresh(key.namespace()));
        change(p -> p.sandboxes.put(uid, List.copyOf(addresses)));
        long[] wanted = {generation()};
        if (withoutPolicies()) {
            return; // its addresses are known when there is one
        }
        if (!await(Math.min(end, System.nanoTime() + PATIENCE.toNanos()), () -> known(key, uid) && applied >= wanted[0])) {
            ask(key, uid);
            wanted[0] = generation();
        }
        await("the rules for pod " + key + " are not in the kernel" + (trouble.isEmpty() ? "" : ": " + trouble), end,
                () -> known(key, uid) && applied >= wanted[0]);
    }

    private boolean withoutPolicies() {
        lock.lock();
        try {
            return told.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private long generation() {
        lock.lock();
        try {
            return pending.generation;
        } finally {
            lock.unlock();
        }
    }

    /** The policies that the API has now are those that were taken in; while it is away, those that are known. */
    private java.util.function.BooleanSupplier fresh(String namespace) throws InterruptedException {
        List<Obj> now;
        try {
            now = cluster.list(Resources.NETWORK_POLICIES, Selection.in(namespace)).items();
        } catch (ClusterException e) {
            LOG.warn("NetworkPolicies are not asked for anew; those that are known count namespace={} why={}", namespace, e.getMessage());
            return () -> true;
        }
        return () -> now.stream().allMatch(o -> {
            Policy known = told.get(Key.of(o));
            return known != null && known.uid().equals(o.uid()) && known.generation() >= o.number("metadata", "generation").orElse(0);
        });
    }

    private boolean known(Key key, String uid) {
        return world.pod(key).filter(p -> p.uid().equals(uid)).isPresent();
    }

    /** The watch is late: the pod is asked for. */
    private void ask(Key key, String uid) throws IOException, InterruptedException {
        try {
            Optional<Obj> pod = cluster.get(Resources.PODS, key.namespace(), key.name()).filter(o -> o.uid().equals(uid));
            if (pod.isEmpty()) {
                throw new IOException("the API has no pod " + key + " with uid " + uid);
            }
            change(p -> p.pods.put(key, PodEntry.of(pod.get(), node)));
        } catch (ClusterException e) {
            throw new IOException("pod " + key + " could not be read: " + e.getMessage(), e);
        }
    }

    private void await(String what, long end, java.util.function.BooleanSupplier until) throws IOException, InterruptedException {
        if (!await(end, until)) {
            throw new IOException(what + "; tried again");
        }
    }

    private boolean await(long end, java.util.function.BooleanSupplier until) throws InterruptedException {
        lock.lock();
        try {
            while (!until.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (closed || left <= 0) {
                    return false;
                }
                // told of rules written by done, of policies by news
                done.awaitNanos(Math.min(left, Duration.ofMillis(20).toNanos()));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Addresses of this node's sandboxes, for the next version. After the loop's end. */
    Map<String, List<String>> sandboxes() {
        Map<String, List<String>> out = new java.util.LinkedHashMap<>(world.sandboxes());
        out.putAll(pending.sandboxes);
        return out;
    }

    /** The loop ends; the rules stay in the kernel. */
    void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void closePolicies() {
        policies.close();
    }
}
