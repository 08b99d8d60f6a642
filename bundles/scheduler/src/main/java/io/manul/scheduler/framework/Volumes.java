package io.manul.scheduler.framework;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;

/** What of a pod's volumes decides where it can run. @param disks GCE, EBS, iSCSI and RBD volumes, named in its spec */
public record Volumes(List<Claim> claims, List<Obj> disks) {

    public static final Volumes NONE = new Volumes(List.of(), List.of());
    private static final List<String> DISKS = List.of("gcePersistentDisk", "awsElasticBlockStore", "iscsi", "rbd");

    /** @param owner uid of the pod that a claim of its own is made for (generic ephemeral volume); empty for any other claim */
    public record Claim(String name, String owner) {
    }

    static Volumes of(Obj pod) {
        List<Claim> claims = new ArrayList<>();
        List<Obj> disks = new ArrayList<>();
        for (Obj v : pod.objects("spec", "volumes")) {
            if (v.has("persistentVolumeClaim")) {
                claims.add(new Claim(v.text("persistentVolumeClaim", "claimName"), ""));
            } else if (v.has("ephemeral")) {
                claims.add(new Claim(pod.name() + "-" + v.text("name"), pod.uid()));
            } else if (DISKS.stream().anyMatch(v::has)) {
                disks.add(v);
            }
        }
        return claims.isEmpty() && disks.isEmpty() ? NONE : new Volumes(List.copyOf(claims), List.copyOf(disks));
    }
}
