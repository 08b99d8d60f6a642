package io.manul.controllers.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** "While I am being replaced": two objects take turns while claims and volumes come; no volume has two claims, none is forgotten. */
@Timeout(120)
class StorageSwapTest {

    private static final int SWAPS = 20;
    private static final int EACH = 3;

    private static Obj volume(int i) {
        return Obj.of("apiVersion", "v1", "kind", "PersistentVolume", "metadata", Obj.of("name", "v" + i), "spec", Obj.of("capacity",
                Obj.of("storage", "1Gi"), "accessModes", List.of("ReadWriteOnce"), "storageClassName", "manual", "hostPath",
                Obj.of("path", "/mnt/v" + i), "persistentVolumeReclaimPolicy", "Retain"));
    }

    private static Obj claim(int i) {
        return Obj.of("apiVersion", "v1", "kind", "PersistentVolumeClaim", "metadata", Obj.of("name", "c" + i, "namespace", "default"), "spec",
                Obj.of("accessModes", List.of("ReadWriteOnce"), "storageClassName", "manual", "resources",
                        Obj.of("requests", Obj.of("storage", "1Gi"))));
    }

    @Test
    void everyClaimGetsAVolumeOfItsOwn() throws Exception {
        try (TestCluster api = new TestCluster().withServiceAccount()) {
            Cluster admin = api.admin();
            StorageControllers[] two = {new StorageControllers(api.clusters()), new StorageControllers(api.clusters())};
            int made = 0;
            for (int i = 0; i < SWAPS; i++) {
                two[i % 2].begin(new byte[0]);
                for (int j = 0; j < EACH; j++, made++) {
                    admin.create(Resources.PERSISTENT_VOLUME_CLAIMS, "default", claim(made));
                    admin.create(Resources.PERSISTENT_VOLUMES, "", volume(made));
                }
                long failures = two[i % 2].health().failures();
                two[i % 2].end();
                assertEquals(0, failures, "failures of turn " + i);
                assertEquals(0, Threads.named("persistentvolume-") + Threads.named("pvc-protection") + Threads.named("events-"),
                        "threads left by turn " + i);
            }
            two[0].begin(new byte[0]);
            int all = made;
            api.await("all bound", () -> api.list(Resources.PERSISTENT_VOLUME_CLAIMS).stream()
                    .filter(c -> c.text("status", "phase").equals("Bound")).count() == all && two[0].idle());
            two[0].end();
            Set<String> used = new HashSet<>();
            for (Obj c : api.list(Resources.PERSISTENT_VOLUME_CLAIMS)) {
                assertTrue(used.add(c.text("spec", "volumeName")), "two claims have " + c.text("spec", "volumeName"));
                Obj v = admin.get(Resources.PERSISTENT_VOLUMES, "", c.text("spec", "volumeName")).orElseThrow();
                assertEquals(c.uid(), v.text("spec", "claimRef", "uid"));
                assertEquals("Bound", v.text("status", "phase"));
            }
        }
    }
}
