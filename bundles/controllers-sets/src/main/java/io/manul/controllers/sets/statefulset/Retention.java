package io.manul.controllers.sets.statefulset;

import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.owner.Owners;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;

/**
 * Who owns a claim, by {@code spec.persistentVolumeClaimRetentionPolicy} (KEP-1847): the StatefulSet, so that the claim goes with
 * it; the pod that is scaled away, so that the claim goes with the pod; or nobody. Pure.
 */
final class Retention {

    private Retention() {
    }

    private static boolean deletes(Obj set, String when) {
        return set.text("spec", "persistentVolumeClaimRetentionPolicy", when).equals("Delete");
    }

    static boolean retains(Obj set) {
        return !deletes(set, "whenScaled") && !deletes(set, "whenDeleted");
    }

    private static boolean names(Obj reference, Obj owner, Resource of) {
        return reference.text("apiVersion").equals(of.apiVersion()) && reference.text("kind").equals(of.kind())
                && reference.text("name").equals(owner.name());
    }

    /** Another object of that name owns it: one that is gone, or not made yet. */
    static boolean stale(Obj claim, Obj owner, Resource of) {
        return references(claim).stream().anyMatch(r -> names(r, owner, of) && !r.text("uid").equals(owner.uid()));
    }

    private static List<Obj> references(Obj claim) {
        return claim.objects("metadata", "ownerReferences");
    }

    private static boolean owned(Obj claim, Obj owner) {
        return references(claim).stream().anyMatch(r -> r.text("uid").equals(owner.uid()));
    }

    /** Somebody else manages this claim: the policy does not hold for it. */
    static boolean foreign(Obj claim, Obj set, Obj pod) {
        return !retains(set) && references(claim).stream().anyMatch(r -> names(r, set, Resources.STATEFUL_SETS) ? !r.text("uid").equals(set.uid())
                : names(r, pod, Resources.PODS) ? !r.text("uid").equals(pod.uid()) : r.flag("controller"));
    }

    static boolean settled(Obj claim, Obj set, Obj pod) {
        if (stale(claim, set, Resources.STATEFUL_SETS) || stale(claim, pod, Resources.PODS)) {
            return true; // the garbage collector decides about it
        }
        if (foreign(claim, set, pod)) {
            return !owned(claim, set) && !owned(claim, pod);
        }
        boolean controlled = references(claim).stream().filter(r -> r.text("uid").equals(set.uid()) || r.text("uid").equals(pod.uid()))
                .allMatch(r -> r.flag("controller"));
        return controlled && owned(claim, set) == bySet(set, pod) && owned(claim, pod) == byPod(set, pod);
    }

    private static boolean bySet(Obj set, Obj pod) {
        return deletes(set, "whenDeleted") && !byPod(set, pod);
    }

    private static boolean byPod(Obj set, Obj pod) {
        return deletes(set, "whenScaled") && !Identity.inRange(set, pod);
    }

    /** The owner references as the policy wants them. */
    static List<Obj> wanted(Obj claim, Obj set, Obj pod) {
        List<Obj> wanted = new ArrayList<>(references(claim).stream()
                .filter(r -> !names(r, set, Resources.STATEFUL_SETS) && !names(r, pod, Resources.PODS)).toList());
        if (!foreign(claim, set, pod)) {
            if (byPod(set, pod)) {
                wanted.add(Owners.reference(pod, Resources.PODS));
            }
            if (bySet(set, pod)) {
                wanted.add(Owners.reference(set, Resources.STATEFUL_SETS));
            }
        }
        return wanted;
    }
}
