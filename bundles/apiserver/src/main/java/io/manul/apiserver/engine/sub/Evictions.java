package io.manul.apiserver.engine.sub;

import io.manul.apiserver.engine.request.Bodies;
import io.manul.apiserver.engine.request.Call;
import io.manul.apiserver.engine.request.Core;
import io.manul.apiserver.engine.request.Replies;
import io.manul.apiserver.engine.store.Encoding;
import io.manul.apiserver.engine.write.Stored;
import io.manul.apiserver.engine.write.Target;
import io.manul.apiserver.engine.write.Writes;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/**
 * pods/eviction (Kubernetes, "API-initiated Eviction"): a delete that the pod's disruption budget must allow. A pod that runs
 * not yet, or no more, needs no budget; one that is not ready needs none when its policy or a healthy budget says so.
 */
final class Evictions {

    private static final Obj SUCCESS = Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Success", "code", 201);
    private static final Set<String> VERSIONS = Set.of("policy/v1", "policy/v1beta1", "");
    private static final int TRIES = 20;

    private final Core core;
    private final Writes writes;
    private final Budgets budgets;

    Evictions(Core core, Writes writes) {
        this.core = core;
        this.writes = writes;
        this.budgets = new Budgets(core, writes);
    }

    void run(Call call) throws ApiException {
        Obj eviction = Bodies.any(call);
        String name = call.info().name();
        check(eviction, name);
        Target t = target(call, eviction);
        call.exchange().touched();
        for (int i = 0; !evict(t); i++) {
            if (i == TRIES) {
                throw ApiException.modified("", "pods", name);
            }
        }
        Replies.json(call, 201, SUCCESS.bytes());
    }

    private static void check(Obj eviction, String name) throws ApiException {
        if (!VERSIONS.contains(eviction.apiVersion()) || !eviction.kind().isEmpty() && !eviction.kind().equals("Eviction")) {
            throw ApiException.badRequest("the body is a " + eviction.apiVersion() + " " + eviction.kind()
                    + ", expected a policy/v1 Eviction");
        }
        if (!eviction.name().equals(name)) {
            throw ApiException.badRequest("name in URL does not match name in Eviction object");
        }
        if (eviction.flag("deleteOptions", "ignoreStoreReadErrorWithClusterBreakingPotential")) {
            throw ApiException.invalid("policy", "Eviction", name, new FieldErrors().invalid(
                    "deleteOptions.ignoreStoreReadErrorWithClusterBreakingPotential", true,
                            "can not be set for pod eviction, try after removing the option"));
        }
    }

    private static Target target(Call call, Obj eviction) throws ApiException {
        Obj options = eviction.at("deleteOptions").copy();
        for (String value : options.strings("dryRun")) {
            if (!value.equals("All")) {
                throw ApiException.invalid("meta.k8s.io", "DeleteOptions", "", new FieldErrors().notSupported("dryRun", value,
                        Set.of("All")));
            }
        }
        Target t = Target.of(call).whole().with(options);
        boolean dry = t.dryRun() || options.strings("dryRun").contains("All");
        return new Target(t.served(), t.namespace(), t.name(), "", t.user(), dry, options, t.warnings());
    }

    /** False when another write came between, and it is worth another look. */
    private boolean evict(Target t) throws ApiException {
        Obj pod = core.reader().get("", "pods", t.namespace(), t.name()).orElseThrow(t::notFound);
        if (free(pod)) {
            return remove(t, pod, !ended(pod) && !pod.deleting(), "");
        }
        List<Obj> mine = budgets.of(pod);
        if (mine.size() > 1) {
            throw new ApiException(500, "",
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.", null);
        }
        if (mine.isEmpty()) {
            return remove(t, pod, false, "");
        }
        Obj budget = mine.getFirst();
        if (!ready(pod) && Budgets.allowsUnhealthy(budget)) {
            return remove(t, pod, true, budget.name());
        }
        budgets.take(t, budget.name());
        return remove(t, pod, false, "");
    }

    private static boolean ended(Obj pod) {
        return pod.text("status", "phase").equals("Succeeded") || pod.text("status", "phase").equals("Failed");
    }

    /** Its going disrupts nobody. */
    private static boolean free(Obj pod) {
        return ended(pod) || pod.text("status", "phase").equals("Pending") || pod.deleting();
    }

    private static boolean ready(Obj pod) {
        return pod.objects("status", "conditions").stream().anyMatch(c -> c.text("type").equals("Ready") && c.text("status")
                .equals("True"));
    }

    /**
     * @param guarded the pod must be as it was looked at: else it may have become one that needs a budget
     * @param budget  that a change of the pod is blamed on; empty: looked at again
     */
    private boolean remove(Target t, Obj pod, boolean guarded, String budget) throws ApiException {
        boolean asked = !t.options().text("preconditions", "resourceVersion").isEmpty();
        Obj options = t.options().copy();
        if (guarded && !asked) {
            options.set(pod.resourceVersion(), "preconditions", "resourceVersion");
        }
        try {
            if (!t.dryRun()) {
                mark(t.with(options), options);
            }
            writes.deleter().delete(t.with(options));
            return true;
        } catch (ApiException e) {
            if (e.code() != 409 || asked) {
                throw e;
            }
            if (!budget.isEmpty()) {
                throw Budgets.refused(budget, 10, "The disruption budget " + budget + " is still being processed by the server.");
            }
            if (!guarded) {
                throw e;
            }
            return false;
        }
    }

    /** Tells why it goes, before it goes: Jobs' failure policies read it. */
    private void mark(Target t, Obj options) throws ApiException {
        String uid = options.text("preconditions", "uid");
        String version = options.text("preconditions", "resourceVersion");
        Stored stored = writes.changer().change(t, pod -> {
            if (!uid.isEmpty() && !uid.equals(pod.uid())) {
                throw ApiException.conflict("", "Pod", t.name(), "the UID in the precondition (" + uid
                        + ") does not match the UID in record ("
                        + pod.uid() + "). The object might have been deleted and then recreated");
            }
            if (!version.isEmpty() && !version.equals(pod.resourceVersion())) {
                throw ApiException.conflict("", "Pod", t.name(), "the ResourceVersion in the precondition (" + version
                        + ") does not match the ResourceVersion in record (" + pod.resourceVersion()
                                + "). The object might have been modified");
            }
            return disrupted(pod);
        }, true);
        if (!version.isEmpty()) {
            options.set(Encoding.parse(stored.value(), stored.revision()).resourceVersion(), "preconditions", "resourceVersion");
        }
    }

    private Obj disrupted(Obj pod) {
        List<Object> conditions = pod.list("status", "conditions");
        conditions.removeIf(c -> Obj.from(c).map(o -> o.text("type").equals("DisruptionTarget")).orElse(false));
        conditions.add(Obj.of("type", "DisruptionTarget", "status", "True", "reason", "EvictionByEvictionAPI", "message",
                "Eviction API: evicting",
                "lastTransitionTime", core.now().truncatedTo(ChronoUnit.SECONDS).toString()).map());
        return pod;
    }
}
