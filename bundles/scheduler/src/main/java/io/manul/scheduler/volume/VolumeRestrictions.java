package io.manul.scheduler.volume;

import io.manul.client.Key;
import io.manul.json.Obj;
import io.manul.scheduler.framework.Change;
import io.manul.scheduler.framework.NodeInfo;
import io.manul.scheduler.framework.Plugin;
import io.manul.scheduler.framework.PodInfo;
import io.manul.scheduler.framework.Refusal;
import io.manul.scheduler.framework.Rule;
import io.manul.scheduler.framework.World;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A claim for one pod only (ReadWriteOncePod) has one pod; a disk that one node can write to is not asked for twice. */
public final class VolumeRestrictions implements Plugin {

    private final World world;
    private final Storage storage;

    public VolumeRestrictions(World world, Storage storage) {
        this.world = world;
        this.storage = storage;
    }

    @Override
    public String name() {
        return "VolumeRestrictions";
    }

    @Override
    public Optional<Rule> about(PodInfo pod) {
        List<String> single = pod.claims().stream().filter(c -> storage.claim(new Key(pod.key().namespace(), c))
                .map(o -> o.strings("spec", "accessModes").contains("ReadWriteOncePod")).orElse(false)).toList();
        return single.isEmpty() && pod.volumes().disks().isEmpty() ? Optional.empty() : Optional.of(new Single(pod, single));
    }

    private final class Single implements Rule {

        private final Refusal inUse = Refusal.crowded(name(),
                "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod");
        private final Refusal disk = Refusal.crowded(name(), "node(s) had no available disk");
        private final PodInfo pod;
        private final List<String> single;
        private int users;

        Single(PodInfo pod, List<String> single) {
            this.pod = pod;
            this.single = single;
            single.forEach(c -> users += world.users(new Key(pod.key().namespace(), c)));
        }

        @Override
        public Refusal filter(NodeInfo node) {
            if (users > 0) {
                return inUse;
            }
            for (Obj mine : pod.volumes().disks()) {
                for (PodInfo other : node.pods()) {
                    for (Obj theirs : other.volumes().disks()) {
                        if (conflict(mine, theirs)) {
                            return disk;
                        }
                    }
                }
            }
            return null;
        }

        @Override
        public void added(PodInfo other, NodeInfo node) {
            users += uses(other);
        }

        @Override
        public void removed(PodInfo other, NodeInfo node) {
            users -= uses(other);
        }

        private int uses(PodInfo other) {
            return other.key().namespace().equals(pod.key().namespace()) ? (int) other.claims().stream().filter(single::contains).count() : 0;
        }
    }

    private static boolean conflict(Obj a, Obj b) {
        return same(a, b, "gcePersistentDisk", "pdName") && written(a, b, "gcePersistentDisk") || same(a, b, "awsElasticBlockStore", "volumeID")
                || same(a, b, "iscsi", "iqn") && written(a, b, "iscsi")
                || same(a, b, "rbd", "image") && a.string("rbd", "pool").orElse("rbd").equals(b.string("rbd", "pool").orElse("rbd"))
                && !Collections.disjoint(a.strings("rbd", "monitors"), b.strings("rbd", "monitors")) && written(a, b, "rbd");
    }

    private static boolean same(Obj a, Obj b, String kind, String field) {
        return a.has(kind) && a.text(kind, field).equals(b.text(kind, field));
    }

    private static boolean written(Obj a, Obj b, String kind) {
        return !(a.flag(kind, "readOnly") && b.flag(kind, "readOnly"));
    }

    @Override
    public Set<Change.Kind> concerns() {
        return Change.EVERY;
    }

    @Override
    public boolean helps(PodInfo pod, Change change) {
        return switch (change) {
            case Change.Pod p -> p.after() == null && (!p.before().volumes().disks().isEmpty()
                    || p.before().key().namespace().equals(pod.key().namespace()) && !Collections.disjoint(p.before().claims(), pod.claims()));
            case Change.Node n -> n.before() == null;
            case Change.Storage s -> VolumeBinding.concerns(pod, s);
            case Change.Rules r -> false;
        };
    }
}
