package io.manul.controllers.quota;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.model.quota.Amount;
import io.manul.model.quota.Names;
import io.manul.model.quota.PodUsage;
import io.manul.model.quota.Scopes;
import io.manul.model.quota.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The status of a ResourceQuota: what its spec allows and what the objects of its namespace take (Kubernetes, "Resource
 * Quotas"; decisions as kube-controller-manager 1.36, pkg/controller/resourcequota).
 */
final class QuotaReconciler implements Reconciler {

    /** Between a booking and the object in the store: so long a count that finds less is not believed. */
    private static final Duration SETTLE = Duration.ofMillis(250);
    private static final Set<String> WEIGHED = Set.of("pods", "services", "persistentvolumeclaims");

    private final Cluster cluster;
    private final Informer quotas;
    private final Counted objects;
    private final InstantSource clock;
    private final Map<Key, Instant> booked = new ConcurrentHashMap<>();

    QuotaReconciler(Cluster cluster, Informer quotas, Counted objects, InstantSource clock) {
        this.cluster = cluster;
        this.quotas = quotas;
        this.objects = objects;
        this.clock = clock;
    }

    /** Somebody wrote the quota's status. */
    void booked(Key quota) {
        booked.put(quota, clock.instant());
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        watch();
        Optional<Obj> found = quotas.get(key);
        if (found.isEmpty()) {
            booked.remove(key);
            return Outcome.SETTLED;
        }
        Obj quota = found.get().put("kind", "ResourceQuota").put("apiVersion", "v1");
        Map<String, Amount> was = Amount.list(quota.at("status", "used").map());
        List<Instant> ends = new ArrayList<>();
        Map<String, Amount> now = count(quota, ends);
        boolean less = was.entrySet().stream().anyMatch(e -> now.getOrDefault(e.getKey(), Amount.ZERO).compareTo(e.getValue()) < 0);
        Instant last = booked.get(key);
        if (less && last != null && last.plus(SETTLE).isAfter(clock.instant())) {
            return new Outcome.Again(SETTLE, "what was booked may not be stored yet");
        }
        Map<String, Amount> hard = Amount.list(quota.at("spec", "hard").map());
        if (!same(hard, Amount.list(quota.at("status", "hard").map())) || !same(now, was) || !quota.has("status", "used")) {
            quota.put("status", Obj.of("hard", texts(hard), "used", texts(now)));
            cluster.update(QuotaControllers.QUOTAS, key.namespace(), "status", quota); // its resourceVersion guards
        }
        return ends.stream().min(Comparator.naturalOrder()).<Outcome>map(end -> new Outcome.Again(
                Duration.between(clock.instant(), end).plusSeconds(1), "a pod that should have gone takes nothing any more")).orElse(Outcome.SETTLED);
    }

    /** What all quotas together are about. */
    private void watch() throws ClusterException, InterruptedException {
        Set<String> all = new TreeSet<>();
        for (Obj quota : quotas.list()) {
            quota.at("spec", "hard").map().keySet().forEach(n -> Names.resource(n).ifPresent(all::add));
        }
        objects.only(all);
    }

    /** @param ends when pods that are being deleted no longer count; added to */
    private Map<String, Amount> count(Obj quota, List<Instant> ends) throws ClusterException, InterruptedException {
        Set<String> hard = quota.at("spec", "hard").map().keySet();
        Set<String> resources = new TreeSet<>();
        hard.forEach(n -> Names.resource(n).filter(r -> objects.resource(r).isPresent()).ifPresent(resources::add));
        Map<String, Amount> used = new TreeMap<>();
        for (String resource : resources) {
            Set<String> names = Names.about(resource, hard);
            names.forEach(n -> used.put(n, Amount.ZERO));
            if (WEIGHED.contains(resource)) {
                weigh(quota, resource, used, ends);
                used.keySet().retainAll(hard);
            } else if (Scopes.match(quota, resource, Obj.of())) {
                long there = objects.count(resource, quota.namespace());
                names.forEach(n -> used.put(n, Amount.of(there)));
            }
        }
        return used;
    }

    private void weigh(Obj quota, String resource, Map<String, Amount> used, List<Instant> ends)
            throws ClusterException, InterruptedException {
        Instant now = clock.instant();
        for (Obj object : cluster.list(objects.resource(resource).orElseThrow(), Selection.in(quota.namespace())).items()) {
            if (Scopes.match(quota, resource, object)) {
                Usage.of(resource, object, now).forEach((name, amount) -> used.merge(name, amount, Amount::plus));
                PodUsage.until(object).filter(now::isBefore).ifPresent(ends::add);
            }
        }
    }

    private static boolean same(Map<String, Amount> a, Map<String, Amount> b) {
        return a.keySet().equals(b.keySet()) && a.entrySet().stream().allMatch(e -> e.getValue().compareTo(b.get(e.getKey())) == 0);
    }

    private static Obj texts(Map<String, Amount> amounts) {
        Obj texts = Obj.of();
        amounts.forEach((name, amount) -> texts.put(name, amount.toString()));
        return texts;
    }
}
