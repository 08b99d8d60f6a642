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
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds a new pod until the rules for it are in the kernel. Safe from any thread. */
final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();

    private final Cluster cluster;
    private final String node;
    private final Informer policies;
    private final World world;
    private final Ledger ledger;
    private final Supplier<String> trouble;

    Guard(Cluster cluster, String node, Informer policies, World world, Ledger ledger, Supplier<String> trouble) {
        this.cluster = cluster;
        this.node = node;
        this.policies = policies;
        this.world = world;
        this.ledger = ledger;
        this.trouble = trouble;
    }

    /** Returns once the rules for this pod are in the kernel. */
    void guard(Key key, String uid, List<String> addresses, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        if (!ledger.await(end, () -> policies.synced() || ledger.remembered())) {
            throw new IOException("NetworkPolicies could not be listed within " + limit.toMillis() + " ms");
        }
        await("NetworkPolicies of namespace " + key.namespace() + " are not all taken in", end, fresh(key.namespace()));
        ledger.change(p -> p.sandboxes.put(uid, List.copyOf(addresses)));
        if (ledger.is(() -> ledger.told().isEmpty())) {
            return; // its addresses are known when there is a policy
        }
        long wanted = ledger.generation();
        if (!ledger.await(Math.min(end, System.nanoTime() + PATIENCE_NANOS), () -> known(key, uid) && ledger.appliedSince(wanted))) {
            ask(key, uid);
        }
        long last = ledger.generation();
        await("the rules for pod " + key + " are not in the kernel" + (trouble.get().isEmpty() ? "" : ": " + trouble.get()), end,
                () -> known(key, uid) && ledger.appliedSince(last));
    }

    /** The policies that the API has now are those that were taken in; while it is away, those that are known. */
    private BooleanSupplier fresh(String namespace) throws InterruptedException {
        List<Obj> now;
        try {
            now = cluster.list(Resources.NETWORK_POLICIES, Selection.in(namespace)).items();
        } catch (ClusterException e) {
            LOG.warn("NetworkPolicies are not asked for anew; those that are known count namespace={} why={}", namespace, e.getMessage());
            return () -> true;
        }
        return () -> now.stream().allMatch(o -> {
            Policy known = ledger.told().get(Key.of(o));
            return known != null && known.uid().equals(o.uid()) && known.generation() >= o.number("metadata", "generation").orElse(0);
        });
    }

    private boolean known(Key key, String uid) {
        return world.pod(key).filter(p -> p.uid().equals(uid)).isPresent();
    }

    /** The watch is late: the pod is asked for. */
    private void ask(Key key, String uid) throws IOException, InterruptedException {
        if (known(key, uid)) {
            return;
        }
        try {
            Optional<Obj> pod = cluster.get(Resources.PODS, key.namespace(), key.name()).filter(o -> o.uid().equals(uid));
            if (pod.isEmpty()) {
                throw new IOException("the API has no pod " + key + " with uid " + uid);
            }
            ledger.change(p -> p.pods.put(key, PodEntry.of(pod.get(), node)));
        } catch (ClusterException e) {
            throw new IOException("pod " + key + " could not be read: " + e.getMessage(), e);
        }
    }

    private void await(String what, long end, BooleanSupplier until) throws IOException, InterruptedException {
        if (!ledger.await(end, until)) {
            throw new IOException(what + "; tried again");
        }
    }
}
