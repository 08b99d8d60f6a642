package io.manul.apiserver.engine.sub;

import io.manul.apiserver.engine.kind.Served;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import io.manul.model.Selector;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PodDisruptionBudgets as an eviction sees them: which of them a pod has, and one disruption taken from it. */
final class Budgets {

    private static final String GROUP = "policy";
    private static final String RESOURCE = "poddisruptionbudgets";
    private static final int MOST_DISRUPTED = 2000;

    private final Core core;
    private final Writes writes;

    Budgets(Core core, Writes writes) {
        this.core = core;
        this.writes = writes;
    }

    List<Obj> of(Obj pod) throws ApiException {
        List<Obj> mine = new ArrayList<>();
        core.reader().each(GROUP, RESOURCE, pod.namespace(), budget -> {
            if (budget.has("spec", "selector") && Selector.of(budget.at("spec", "selector")).matches(pod.labels())) {
                mine.add(budget);
            }
        });
        return mine;
    }

    /** Whether a pod that is not ready may go without asking the budget. */
    static boolean allowsUnhealthy(Obj budget) {
        long desired = budget.number("status", "desiredHealthy").orElse(0);
        return budget.text("spec", "unhealthyPodEvictionPolicy").equals("AlwaysAllow")
                || budget.number("status", "currentHealthy").orElse(0) >= desired && desired > 0;
    }

    /** Takes one disruption for the pod, or refuses; a dry run only looks. */
    void take(Target pod, String budget) throws ApiException {
        Served served = core.catalog().find(GROUP, "v1", RESOURCE).orElseThrow(ApiException::noResource);
        Target t = new Target(served, pod.namespace(), budget, "status", pod.user(), pod.dryRun(), Obj.of(), pod.warnings());
        writes.changer().change(t, current -> taken(current, pod));
    }

    private Obj taken(Obj budget, Target pod) throws ApiException {
        Obj status = budget.make("status");
        if (status.number("observedGeneration").orElse(0) < budget.number("metadata", "generation").orElse(0)) {
            throw refused(budget.name(), 10, "The disruption budget " + budget.name() + " is still being processed by the server.");
        }
        long allowed = status.number("disruptionsAllowed").orElse(0);
        if (allowed < 0) {
            throw ApiException.forbidden(GROUP, "poddisruptionbudget", budget.name(), "pdb disruptions allowed is negative");
        }
        if (status.at("disruptedPods").map().size() > MOST_DISRUPTED) {
            throw ApiException.forbidden(GROUP, "poddisruptionbudget", budget.name(),
                    "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }
        if (allowed == 0) {
            throw refused(budget.name(), 0, why(budget));
        }
        status.put("disruptionsAllowed", allowed - 1);
        if (allowed == 1) {
            none(budget);
        }
        status.make("disruptedPods").put(pod.name(), core.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return budget;
    }

    private static String why(Obj budget) {
        Optional<Obj> no = budget.objects("status", "conditions").stream()
                .filter(c -> c.text("type").equals("DisruptionAllowed") && c.text("status").equals("False") && !c.text("message")
                        .isEmpty()).findFirst();
        String head = "The disruption budget " + budget.name();
        if (no.isPresent() && no.get().text("reason").equals("SyncFailed")) {
            return head + " does not allow evicting pods currently because it failed sync: " + no.get().text("message");
        }
        long current = budget.number("status", "currentHealthy").orElse(0);
        long desired = budget.number("status", "desiredHealthy").orElse(0);
        if (current <= desired) {
            return head + " needs " + desired + " healthy pods and has " + current + " currently";
        }
        return head + " does not allow evicting pods currently" + no.map(c -> " (" + c.text("reason") + "): " + c.text("message"))
                .orElse("");
    }

    private void none(Obj budget) {
        List<Object> conditions = budget.list("status", "conditions");
        conditions.removeIf(c -> Obj.from(c).map(o -> o.text("type").equals("DisruptionAllowed")).orElse(false));
        conditions.add(Obj.of("type", "DisruptionAllowed", "status", "False", "reason", "InsufficientPods", "message", "",
                "observedGeneration", budget.number("status", "observedGeneration").orElse(0),
                "lastTransitionTime", core.now().truncatedTo(ChronoUnit.SECONDS).toString()).map());
    }

    /** 429 with upstream's cause. @param retrySeconds 0: not told, the answer depends on pods, not on time */
    static ApiException refused(String budget, int retrySeconds, String why) {
        Obj details = Obj.of("causes", List.of(Obj.of("reason", "DisruptionBudget", "message", why)));
        return new ApiException(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.",
                retrySeconds == 0 ? details : details.put("retryAfterSeconds", retrySeconds));
    }
}
