package io.manul.controllers.policy.budget;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Outcome;
import io.manul.client.Reconciler;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status of a PodDisruptionBudget: pods expected, healthy, wanted healthy, and what that leaves to disrupt (Kubernetes,
 * "Disruptions"; decisions as kube-controller-manager 1.36, pkg/controller/disruption).
 */
final class BudgetReconciler implements Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(BudgetReconciler.class);

    /** So long a pod that was evicted may take to get its deletion timestamp. */
    private static final Duration DELETION = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final Informer budgets;
    private final Informer pods;
    private final Scales scales;
    private final Events events;
    private final InstantSource clock;

    BudgetReconciler(Cluster cluster, Informer budgets, Informer pods, Events events, InstantSource clock) {
        this.cluster = cluster;
        this.budgets = budgets;
        this.pods = pods;
        this.scales = new Scales(cluster);
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Outcome reconcile(Key key) throws ClusterException, InterruptedException {
        Optional<Obj> found = budgets.get(key);
        if (found.isEmpty()) {
            return Outcome.SETTLED;
        }
        if (!pods.synced() && !pods.start().awaitSynced(Duration.ofMinutes(1))) { // opened with the first budget
            throw new ClusterException(0, "Timeout", "no list of pods within 1 min", null);
        }
        Obj budget = found.get().put("kind", "PodDisruptionBudget").put("apiVersion", "policy/v1");
        try {
            return sync(budget);
        } catch (ClusterException e) {
            if (!e.conflict() && !e.notFound()) {
                LOG.warn("Budget not computed; no disruption allowed budget={} why={}", key, e.getMessage());
                failSafe(budget, e.getMessage());
            }
            throw e;
        }
    }

    private Outcome sync(Obj budget) throws ClusterException, InterruptedException {
        List<Obj> mine = pods(budget);
        if (mine.isEmpty()) {
            events.normal(budget, "NoPods", "No matching pods found");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Obj status = Obj.of("disruptionsAllowed", 0, "currentHealthy", 0, "desiredHealthy", 0, "expectedPods", 0,
                "observedGeneration", budget.number("metadata", "generation").orElse(0));
        expect(budget, mine, status);
        Optional<Duration> again = disrupted(budget, mine, status, now);
        Obj disrupted = status.at("disruptedPods");
        long healthy = mine.stream().filter(p -> !p.deleting() && !disrupted.has(p.name()) && ready(p)).count();
        long allowed = healthy - status.number("desiredHealthy").orElse(0);
        status.put("currentHealthy", healthy)
                .put("disruptionsAllowed", status.number("expectedPods").orElse(0) <= 0 || allowed < 0 ? 0 : allowed);
        status.put("conditions", budget.at("status").objects("conditions"));
        boolean some = status.number("disruptionsAllowed").orElse(0) > 0;
        condition(status, some ? "True" : "False", some ? "SufficientPods" : "InsufficientPods", "", now);
        if (!status.equals(budget.at("status"))) {
            write(budget, status);
        }
        return again.<Outcome>map(d -> new Outcome.Again(d.plusMillis(100), "evicted pods should have gone")).orElse(Outcome.SETTLED);
    }

    private List<Obj> pods(Obj budget) {
        if (!budget.has("spec", "selector")) {
            return List.of();
        }
        Selector selector = Selector.of(budget.at("spec", "selector"));
        return pods.list(budget.namespace()).stream().filter(p -> selector.matches(p.labels())).toList();
    }

    private static boolean ready(Obj pod) {
        return pod.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status")
                .equals("True"));
    }

    /** expectedPods and desiredHealthy. */
    private void expect(Obj budget, List<Obj> mine, Obj status) throws ClusterException, InterruptedException {
        Object most = budget.get("spec", "maxUnavailable");
        Object least = budget.get("spec", "minAvailable");
        if (most == null && least instanceof Long n) {
            status.put("expectedPods", mine.size()).put("desiredHealthy", n);
        } else if (most != null || least != null) {
            long expected = expected(budget, mine);
            long share = share(most != null ? most : least, expected);
            status.put("expectedPods", expected).put("desiredHealthy", most != null ? Math.max(0, expected - share) : share);
        }
    }

    private long expected(Obj budget, List<Obj> mine) throws ClusterException, InterruptedException {
        Scales.Expected expected;
        try {
            expected = scales.of(mine);
        } catch (ClusterException e) {
            events.warning(budget, "CalculateExpectedPodCountFailed", "Failed to calculate the number of expected pods: " + e.getMessage());
            throw e;
        }
        if (!expected.unmanaged().isEmpty()) {
            events.warning(budget, "UnmanagedPods", "Pods selected by this PodDisruptionBudget (selector: " + budget.at("spec", "selector")
                    + ") were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in "
                    + "undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.");
        }
        return expected.pods();
    }

    /** A number, or a percentage of the whole rounded up. */
    static long share(Object value, long whole) {
        if (value instanceof Long n) {
            return n;
        }
        String text = String.valueOf(value);
        if (!text.matches("[0-9]{1,9}%")) {
            return 0; // the API takes no other
        }
        return BigDecimal.valueOf(whole).multiply(new BigDecimal(text.substring(0, text.length() - 1))).divide(BigDecimal.valueOf(100), 0,
                RoundingMode.CEILING)
                .longValueExact();
    }

    /** Pods that an eviction was granted for and that are not seen going yet. @return when one of them is overdue */
    private Optional<Duration> disrupted(Obj budget, List<Obj> mine, Obj status, Instant now) {
        Obj left = Obj.of();
        Duration again = null;
        for (Obj pod : mine) {
            String since = budget.at("status", "disruptedPods").text(pod.name());
            if (pod.deleting() || since.isEmpty()) {
                continue;
            }
            Duration rest = Duration.between(now, Instant.parse(since).plus(DELETION));
            if (rest.isNegative()) {
                events.warning(pod.put("kind", "Pod").put("apiVersion", "v1"), "NotDeleted", "Pod was expected by PDB "
                        + budget.namespace() + "/"
                        + budget.name() + " to be deleted but it wasn't");
            } else {
                left.put(pod.name(), since);
                again = again == null || rest.compareTo(again) < 0 ? rest : again;
            }
        }
        status.put("disruptedPods", left.isEmpty() ? null : left);
        return Optional.ofNullable(again);
    }

    private static void condition(Obj status, String value, String reason, String message, Instant now) {
        List<Object> all = status.list("conditions");
        Optional<Obj> before = status.objects("conditions").stream().filter(c -> c.text("type").equals("DisruptionAllowed")).findFirst();
        String since = before.filter(c -> c.text("status").equals(value)).map(c -> c.text("lastTransitionTime")).orElse(now.toString());
        all.removeIf(c -> Obj.from(c).map(o -> o.text("type").equals("DisruptionAllowed")).orElse(false));
        all.add(Obj.of("type", "DisruptionAllowed", "status", value, "observedGeneration", status.number("observedGeneration").orElse(0),
                "lastTransitionTime", since, "reason", reason, "message", message).map());
    }

    /** Nothing is known: nothing may be disrupted. */
    private void failSafe(Obj budget, String why) throws ClusterException, InterruptedException {
        Obj status = budget.at("status").copy().put("disruptionsAllowed", 0);
        condition(status, "False", "SyncFailed", why, clock.instant().truncatedTo(ChronoUnit.SECONDS));
        if (!status.equals(budget.at("status"))) {
            for (String n : List.of("currentHealthy", "desiredHealthy", "expectedPods")) {
                status.put(n, status.number(n).orElse(0));
            }
            write(budget, status);
        }
    }

    private void write(Obj budget, Obj status) throws ClusterException, InterruptedException {
        cluster.update(Resources.POD_DISRUPTION_BUDGETS, budget.namespace(), "status", budget.copy().put("status", status));
    }
}
