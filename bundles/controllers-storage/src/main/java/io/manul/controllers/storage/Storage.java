package io.manul.controllers.storage;

import io.manul.client.Key;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is read out of claims, volumes, classes and pods. */
public final class Storage {

    private static final Key NONE = new Key("", "");

    private Storage() {
    }

    /** The class of a claim or volume; empty: none. The annotation counts before the field. */
    public static String storageClass(Obj claimOrVolume) {
        return Optional.ofNullable(claimOrVolume.annotations().get(Marks.BETA_CLASS)).orElseGet(() -> claimOrVolume.text("spec", "storageClassName"));
    }

    /** Whether the user said something about the class; an empty name says: none. */
    public static boolean hasClass(Obj claim) {
        return claim.annotations().containsKey(Marks.BETA_CLASS) || claim.has("spec", "storageClassName");
    }

    /** The class for claims that name none: of several the newest, then the first by name. */
    public static Optional<Obj> defaultClass(List<Obj> classes) {
        return classes.stream().filter(Storage::isDefault)
                .min(Comparator.comparing((Obj c) -> c.text("metadata", "creationTimestamp")).reversed().thenComparing(Obj::name));
    }

    private static boolean isDefault(Obj c) {
        return "true".equals(c.annotations().get(Marks.DEFAULT_CLASS)) || "true".equals(c.annotations().get(Marks.BETA_DEFAULT_CLASS));
    }

    public static boolean marked(Obj object, String annotation) {
        return object.annotations().containsKey(annotation);
    }

    public static String volumeMode(Obj claimOrVolume) {
        return claimOrVolume.string("spec", "volumeMode").orElse("Filesystem");
    }

    /** The claim that a volume names; the key without a name: none. */
    public static Key claimOf(Obj volume) {
        return volume.has("spec", "claimRef") ? new Key(volume.text("spec", "claimRef", "namespace"), volume.text("spec", "claimRef", "name")) : NONE;
    }

    /** The volume is bound, or pre-bound by a user, to this claim. */
    public static boolean boundTo(Obj volume, Obj claim) {
        String uid = volume.text("spec", "claimRef", "uid");
        return claimOf(volume).equals(Key.of(claim)) && (uid.isEmpty() || uid.equals(claim.uid()));
    }

    /** Every claim that a pod's volumes use; generic ephemeral ones by the name that is theirs. */
    public static List<String> claims(Obj pod) {
        List<String> out = new ArrayList<>();
        for (Obj v : pod.objects("spec", "volumes")) {
            if (v.has("persistentVolumeClaim")) {
                out.add(new Key(pod.namespace(), v.text("persistentVolumeClaim", "claimName")).toString());
            } else if (v.has("ephemeral")) {
                out.add(new Key(pod.namespace(), ephemeralName(pod, v)).toString());
            }
        }
        return out;
    }

    /** The name of the claim of a generic ephemeral volume (Kubernetes, "Ephemeral Volumes", "PersistentVolumeClaim naming"). */
    public static String ephemeralName(Obj pod, Obj volume) {
        return pod.name() + "-" + volume.text("name");
    }

    /** A claim that was made for this pod. */
    public static boolean madeFor(Obj pod, Obj claim) {
        return claim.objects("metadata", "ownerReferences").stream().anyMatch(o -> o.flag("controller") && o.text("uid").equals(pod.uid()));
    }

    /** Succeeded or Failed: nothing of it runs any more. */
    public static boolean over(Obj pod) {
        String phase = pod.text("status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }
}
