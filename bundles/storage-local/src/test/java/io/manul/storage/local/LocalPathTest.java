package io.manul.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Exchange;
import io.manul.api.testing.TestSettings;
import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.controllers.testing.TestCluster;
import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The room on a real apiserver; the kubelet of the node writes down what it is asked. */
@Timeout(60)
class LocalPathTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile int answer = 200;
    private TestCluster api;
    private Cluster admin;
    private StorageLocal room;

    @BeforeEach
    void begin() throws Exception {
        api = new TestCluster().room("kubelet", this::kubelet);
        admin = api.admin();
        for (String ns : List.of("kube-system")) {
            if (admin.get(Resources.NAMESPACES, "", ns).isEmpty()) {
                admin.create(Resources.NAMESPACES, "", Obj.of("metadata", Obj.of("name", ns)));
            }
        }
        admin.create(Resources.NODES, "", Obj.of("metadata", Obj.of("name", "n1", "labels", Obj.of("kubernetes.io/hostname", "n1"))));
        start(Map.of("default-local-storage-path", "/data/volumes"));
        api.await("the packaged objects", () -> admin.get(Resources.STORAGE_CLASSES, "", "local-path").isPresent());
    }

    private void start(Map<String, String> flags) {
        room = new StorageLocal(api.clusters(), TestSettings.of("n1", flags));
        room.begin(new byte[0]);
    }

    private void kubelet(Exchange x) {
        asked.add(x.method() + " " + x.target());
        x.reply(answer, Map.of("content-type", "application/json"), Obj.of("kind", "Status", "code", answer, "message", "the disk is gone").bytes());
    }

    @AfterEach
    void end() throws Exception {
        room.end();
        assertEquals(0, Threads.named("local-path-"), "threads left");
        api.close();
    }

    private Obj claim(String name, Obj more) throws Exception {
        Obj spec = Obj.of("accessModes", List.of("ReadWriteOnce"), "resources", Obj.of("requests", Obj.of("storage", "1Gi")));
        more.map().forEach(spec::put);
        Obj made = admin.create(Resources.PERSISTENT_VOLUME_CLAIMS, "default", Obj.of("metadata", Obj.of("name", name, "namespace", "default"), "spec", spec));
        return admin.patch(Resources.PERSISTENT_VOLUME_CLAIMS, "default", name, "", Patch.MERGE, Obj.of("metadata", Obj.of("annotations",
                Obj.of("volume.kubernetes.io/storage-provisioner", "rancher.io/local-path", "volume.kubernetes.io/selected-node", "n1", "made", made.uid()))));
    }

    private Obj volume(Obj claim) throws Exception {
        api.await("volume of " + claim.name(), () -> admin.get(Resources.PERSISTENT_VOLUMES, "", "pvc-" + claim.uid()).isPresent());
        return admin.get(Resources.PERSISTENT_VOLUMES, "", "pvc-" + claim.uid()).orElseThrow();
    }

    private void event(String reason, String part) throws Exception {
        api.await(reason + " " + part, () -> api.list(Resources.EVENTS).stream()
                .anyMatch(e -> e.text("reason").equals(reason) && e.text("message").contains(part)));
    }

    @Test
    void aClaimGetsAFolderOnItsNodeAndAVolumeThere() throws Exception {
        Obj claim = claim("data", Obj.of());
        assertEquals("local-path", claim.text("spec", "storageClassName"), "by admission");
        Obj volume = volume(claim);
        String path = "/data/volumes/pvc-" + claim.uid() + "_default_data";
        assertEquals(path, volume.text("spec", "local", "path"));
        assertEquals("Delete", volume.text("spec", "persistentVolumeReclaimPolicy"));
        assertEquals(List.of("n1"), volume.objects("spec", "nodeAffinity", "required", "nodeSelectorTerms").getFirst().objects("matchExpressions")
                .getFirst().strings("values"));
        assertEquals("rancher.io/local-path", volume.annotations().get("pv.kubernetes.io/provisioned-by"));
        assertEquals(claim.uid(), volume.text("spec", "claimRef", "uid"));
        assertEquals(List.of("POST /localVolumes/pvc-" + claim.uid() + "?path=" + path.replace("/", "%2F")), asked);
        event("ProvisioningSucceeded", "Successfully provisioned volume pvc-" + claim.uid());
    }

    @Test
    void aClaimThatAsksForMoreThanTheDiskHasIsToldSo() throws Exception {
        admin.patch(Resources.NODES, "", "n1", "status", Patch.MERGE, Obj.of("status", Obj.of("capacity", Obj.of("ephemeral-storage", "10Gi"))));
        volume(claim("huge", Obj.of("resources", Obj.of("requests", Obj.of("storage", "1Ti")))));
        event("CapacityNotEnforced", "the claim asks for 1Ti, the disk of node n1 has 10Gi: writing ends when that is full");
    }

    @Test
    void aReleasedVolumeGoesWithItsFolder() throws Exception {
        Obj volume = volume(claim("data", Obj.of()));
        asked.clear();
        answer = 500;
        admin.patch(Resources.PERSISTENT_VOLUMES, "", volume.name(), "status", Patch.MERGE, Obj.of("status", Obj.of("phase", "Released")));
        event("VolumeFailedDelete", "the disk is gone");
        assertTrue(admin.get(Resources.PERSISTENT_VOLUMES, "", volume.name()).isPresent(), "it stays until its folder is gone");
        answer = 200;
        admin.patch(Resources.PERSISTENT_VOLUMES, "", volume.name(), "", Patch.MERGE, Obj.of("metadata", Obj.of("labels", Obj.of("look", "again"))));
        api.await("deleted", () -> admin.get(Resources.PERSISTENT_VOLUMES, "", volume.name())
                .map(v -> v.deleting() && v.strings("metadata", "finalizers").equals(List.of("kubernetes.io/pv-protection"))).orElse(true));
        assertTrue(asked.getLast().startsWith("DELETE /localVolumes/" + volume.name() + "?path="));
    }

    @Test
    void whatCannotBeMadeIsSaid() throws Exception {
        claim("many", Obj.of("accessModes", List.of("ReadWriteMany")));
        event("ProvisioningFailed", "failed to provision volume with StorageClass \"local-path\": NodePath only supports ReadWriteOnce");
        claim("block", Obj.of("volumeMode", "Block"));
        event("ProvisioningFailed", "rancher.io/local-path does not support block volume provisioning");
        claim("chosen", Obj.of("selector", Obj.of("matchLabels", Obj.of("a", "b"))));
        event("ProvisioningFailed", "claim.Spec.Selector is not supported");
        assertFalse(asked.stream().anyMatch(a -> a.startsWith("POST")));
    }

    private void config(Obj config) throws Exception {
        admin.patch(Resources.CONFIG_MAPS, "kube-system", "local-path-config", "", Patch.MERGE, Obj.of("data", Obj.of("config.json", config.toString())));
    }

    @Test
    void theConfigurationChoosesThePlace() throws Exception {
        config(Obj.of("nodePathMap", List.of(Obj.of("node", "n1", "paths", List.of("/ssd")))));
        claim("warm", Obj.of());
        api.await("/ssd", () -> api.list(Resources.PERSISTENT_VOLUMES).stream().anyMatch(v -> v.text("spec", "local", "path").startsWith("/ssd/")));
        config(Obj.of("nodePathMap", List.of(Obj.of("node", "other", "paths", List.of("/x")))));
        claim("nowhere", Obj.of());
        event("ProvisioningFailed", "config doesn't contain node n1, and no DEFAULT_PATH_FOR_NON_LISTED_NODES available");
        config(Obj.of("sharedFileSystemPath", "/nfs"));
        Obj shared = volume(claim("shared", Obj.of("accessModes", List.of("ReadWriteMany"))));
        assertTrue(shared.text("spec", "hostPath", "path").startsWith("/nfs/"));
        assertFalse(shared.has("spec", "nodeAffinity"));
    }

    @Test
    void disabledItTakesItsClassAway() throws Exception {
        room.end();
        start(Map.of("disable", "local-storage"));
        api.await("gone", () -> admin.get(Resources.STORAGE_CLASSES, "", "local-path").isEmpty()
                && admin.get(Resources.CONFIG_MAPS, "kube-system", "local-path-config").isEmpty());
    }

    /** "While I am being replaced": no claim is forgotten, no folder made twice in two places. */
    @Test
    void swappedUnderLoad() throws Exception {
        for (int i = 0; i < 10; i++) {
            claim("c" + i, Obj.of());
            room.end();
            start(Map.of());
        }
        api.await("all volumes", () -> api.list(Resources.PERSISTENT_VOLUMES).size() == 10 && room.idle());
        assertEquals(0, room.health().failures());
        assertEquals(10, asked.stream().filter(a -> a.startsWith("POST")).distinct().count());
    }
}
