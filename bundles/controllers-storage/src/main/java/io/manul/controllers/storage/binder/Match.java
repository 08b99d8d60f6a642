package io.manul.controllers.storage.binder;

import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import io.manul.model.Selector;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which volume fits a claim (Kubernetes, "Persistent Volumes", "Binding"; component-helpers, storage/volume, FindMatchingVolume):
 * one that is bound to it already, else of those with the fewest access modes beyond the asked ones the smallest. Pure.
 */
final class Match {

    private Match() {
    }

    /** @param delayed only what is bound to it already: the scheduler chooses among the others */
    static Optional<Obj> best(Obj claim, List<Obj> volumes, boolean delayed) {
        Set<String> modes = Set.copyOf(claim.strings("spec", "accessModes"));
        List<Obj> fits = volumes.stream().filter(v -> v.strings("spec", "accessModes").containsAll(modes) && fits(v, claim)).toList();
        Optional<Obj> own = fits.stream().filter(v -> Storage.boundTo(v, claim)).findFirst();
        if (own.isPresent() || delayed) {
            return own;
        }
        return fits.stream().filter(v -> free(v, claim)).min(Comparator.comparingInt((Obj v) -> v.strings("spec", "accessModes").size())
                .thenComparingLong(Match::size).thenComparing(Obj::name));
    }

    /** The volume may be used on that node (API reference, VolumeNodeAffinity). */
    static boolean reaches(Obj volume, Obj node) {
        List<Obj> terms = volume.objects("spec", "nodeAffinity", "required", "nodeSelectorTerms");
        return terms.isEmpty() || terms.stream().anyMatch(t -> Selector.termMatches(t, node.labels(), node.name()));
    }

    private static boolean fits(Obj volume, Obj claim) {
        return (!volume.has("spec", "claimRef") || Storage.boundTo(volume, claim)) && size(volume) >= asked(claim)
                && Storage.volumeMode(volume).equals(Storage.volumeMode(claim)) && attributes(volume).equals(attributes(claim)) && !volume.deleting();
    }

    private static boolean free(Obj volume, Obj claim) {
        return volume.text("status", "phase").equals("Available") && Storage.storageClass(volume).equals(Storage.storageClass(claim))
                && (!claim.has("spec", "selector") || Selector.of(claim.at("spec", "selector")).matches(volume.labels()));
    }

    /** Why a volume that the claim asks for by name is not for it. */
    static Optional<String> mismatch(Obj volume, Obj claim) {
        if (volume.deleting()) {
            return Optional.of("the volume is marked for deletion \"" + volume.name() + "\"");
        }
        if (size(volume) < asked(claim)) {
            return Optional.of("requested PV is too small");
        }
        if (!Storage.storageClass(volume).equals(Storage.storageClass(claim))) {
            return Optional.of("storageClassName does not match");
        }
        if (!attributes(volume).equals(attributes(claim))) {
            return Optional.of("volumeAttributesClassName does not match");
        }
        if (!Storage.volumeMode(volume).equals(Storage.volumeMode(claim))) {
            return Optional.of("incompatible volumeMode");
        }
        return volume.strings("spec", "accessModes").containsAll(claim.strings("spec", "accessModes")) ? Optional.empty()
                : Optional.of("incompatible accessMode");
    }

    private static String attributes(Obj o) {
        return o.text("spec", "volumeAttributesClassName");
    }

    private static long size(Obj volume) {
        return Quantity.units(volume.get("spec", "capacity", "storage"));
    }

    private static long asked(Obj claim) {
        return Quantity.units(claim.get("spec", "resources", "requests", "storage"));
    }
}
