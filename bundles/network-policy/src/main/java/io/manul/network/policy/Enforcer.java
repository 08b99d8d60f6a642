package io.manul.network.policy;

import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final Duration LONG = Duration.ofDays(1);

    private final Cluster cluster;
    private final String node;
    private final Optional<PodEntry> dns;
    private final Tool tool;
    private final Memory memory;
    private final Informer policies;
    private Informer pods;
    private Informer namespaces;
    private final World world = new World();
    private final Script script = new Script();
    private final Ledger ledger;
    private final Guard guard;
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
        ledger = new Ledger(sandboxes);
        policies = cluster.informer(Resources.NETWORK_POLICIES, Selection.ALL).keep(Enforcer::identity).listen(this::policy);
        guard = new Guard(cluster, node, policies, world, ledger, () -> trouble);
    }

    void start() {
        policies.start();
    }

    Guard guard() {
        return guard;
    }

    private static Obj identity(Obj o) {
        return Obj.of("metadata", Obj.of("name", o.name(), "namespace", o.namespace(), "uid", o.uid(), "resourceVersion", o.resourceVersion()));
    }

    // ---- what happens, told by informers

    private void policy(Informer.Change c) {
        Key key = Key.of(c.object());
        Optional<Policy> now = c.kind() == Informer.Kind.DELETED ? Optional.empty() : Optional.of(Policy.of(c.object()));
        ledger.change(p -> {
            p.policies.put(key, now);
            now.ifPresentOrElse(n -> ledger.told().put(key, n), () -> ledger.told().remove(key));
        });
    }

    private void namespace(Informer.Change c) {
        Optional<Map<String, String>> labels = c.kind() == Informer.Kind.DELETED ? Optional.empty() : Optional.of(c.object().labels());
        ledger.change(p -> p.namespaces.put(c.object().name(), labels));
    }

    private void pod(Informer.Change c) {
        boolean gone = c.kind() == Informer.Kind.DELETED;
        Key key = Key.of(c.object());
        Optional<PodEntry> now = gone ? Optional.empty() : PodEntry.of(c.object(), node);
        if (c.kind() == Informer.Kind.MODIFIED && ledger.is(() -> now.equals(ledger.pending().pods.getOrDefault(key, world.pod(key))))) {
            return; // nothing that concerns us
        }
        ledger.change(p -> {
            p.pods.put(key, now);
            if (gone) {
                p.gone.add(c.object().uid());
            }
        });
    }

    // ---- the loop

    @Override
    public void run() {
        try {
            if (!policies.awaitSynced(ALONE)) {
                remember();
            }
            while (!ledger.closed()) {
                Pending p = ledger.take(LONG);
                if (p != null) {
                    sync(p);
                }
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
        Pending known = memory.load().orElseGet(Pending::new);
        LOG.warn("The API does not answer; network policies are those that are remembered policies={}", known.policies.size());
        ledger.change(p -> {
            known.policies.forEach(p.policies::putIfAbsent);
            known.namespaces.forEach(p.namespaces::putIfAbsent);
            known.pods.forEach(p.pods::putIfAbsent);
            known.policies.forEach((key, policy) -> ledger.told().putIfAbsent(key, policy.orElseThrow()));
        });
        ledger.remembered(true);
        AtomicBoolean back = new AtomicBoolean();
        while (!back.get() && !ledger.closed()) {
            back.set(policies.synced());
            Pending news = ledger.take(Duration.ofMillis(500));
            if (news != null && !back.get()) {
                world.take(news);
                tryWrite(news.generation);
            } else if (news != null) {
                world.take(news);
            }
        }
        ledger.remembered(false);
        // pods and namespaces are told anew; those that are not any more were only remembered
        ledger.change(p -> {
            known.policies.keySet().stream().filter(key -> policies.get(key).isEmpty()).forEach(key -> {
                p.policies.put(key, Optional.empty());
                ledger.told().remove(key);
            });
            known.pods.keySet().forEach(key -> p.pods.putIfAbsent(key, Optional.empty()));
            known.namespaces.keySet().forEach(n -> p.namespaces.putIfAbsent(n, Optional.empty()));
        });
    }

    private void sync(Pending first) throws InterruptedException {
        world.take(first);
        Pending last = first;
        if (!world.empty() && pods == null) {
            openInformers();
            if (ledger.closed()) {
                return; // what is in the kernel is better than half of it
            }
            last = ledger.takeNow();
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
            ledger.applied(generation);
            if (policies.synced()) {
                memory.save(world, false);
            }
        } catch (IOException e) {
            failures.incrementAndGet();
            trouble = "Network policy rules were not written: " + e.getMessage();
            LOG.error("Network policy rules were not written; the whole table is written again in {} s why={}", RETRY.toSeconds(), e.getMessage());
            script.forget();
            ledger.retryAfter(RETRY);
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

    private void openInformers() throws InterruptedException {
        dns.ifPresent(d -> ledger.change(p -> p.pods.put(d.key(), dns)));
        namespaces = cluster.informer(Resources.NAMESPACES, Selection.ALL).metadataOnly().listen(this::namespace).start();
        pods = cluster.informer(Resources.PODS, Selection.ALL).keep(Enforcer::identity).listen(this::pod).start();
        while (!ledger.closed() && !(namespaces.awaitSynced(Duration.ofSeconds(1)) && pods.awaitSynced(Duration.ofSeconds(1)))) {
            LOG.debug("Waiting for Pods and Namespaces to be listed");
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

    /** Addresses of this node's sandboxes, for the next version. After the loop's end. */
    Map<String, List<String>> sandboxes() {
        Map<String, List<String>> out = new LinkedHashMap<>(world.sandboxes());
        out.putAll(ledger.takeNow().sandboxes);
        return out;
    }

    /** The loop ends; the rules stay in the kernel. */
    void close() {
        ledger.close();
    }

    void closePolicies() {
        policies.close();
    }
}
