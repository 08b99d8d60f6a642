package io.manul.kubelet.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Cluster;
import io.manul.client.Resource;
import io.manul.json.Obj;
import io.manul.kubelet.Places;
import io.manul.kubelet.model.Pod;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a pod's volume over its claim to a folder. */
class PersistentTest {

    @TempDir
    Path folder;
    private final Map<String, Obj> objects = new HashMap<>();

    private Persistent persistent() {
        Cluster cluster = (Cluster) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Cluster.class},
                (p, m, a) -> Optional.ofNullable(objects.get(((Resource) a[0]).plural() + "/" + a[2])));
        return new Persistent(new Places(folder, folder, "/pods"), new Claims(cluster, "n1"));
    }

    private static Obj json(String text) {
        return Obj.parse(text.replace('\'', '"'));
    }

    private static Pod pod(String security) {
        return new Pod(json("{'metadata':{'name':'web','namespace':'ns','uid':'u1'},'spec':{'securityContext':" + security + "}}"));
    }

    private void bound(String spec) {
        objects.put("persistentvolumeclaims/data", json("{'metadata':{'uid':'c1'},'spec':{'volumeName':'v'},'status':{'phase':'Bound'}}"));
        objects.put("persistentvolumes/v", json("{'metadata':{'name':'v'},'spec':{'claimRef':{'uid':'c1'},'capacity':{'storage':'1'}," + spec + "}}"));
        objects.put("nodes/n1", json("{'metadata':{'name':'n1','labels':{'kubernetes.io/hostname':'n1'}}}"));
    }

    private static final Obj VOLUME = json("{'name':'d','persistentVolumeClaim':{'claimName':'data','readOnly':true}}");

    private String refused(Obj volume) {
        return assertThrows(VolumeException.class, () -> persistent().make(pod("{}"), volume)).getMessage()
                .replace("MountVolume.SetUp failed for volume \"d\" : ", "");
    }

    @Test
    void aLocalVolumeBelongsToTheGroupOnceAPod() throws Exception {
        Path at = Files.createDirectories(folder.resolve("data"));
        Path file = Files.writeString(at.resolve("f"), "x");
        Files.setAttribute(file, "unix:mode", 0600);
        bound("'local':{'path':'" + at + "'}");
        Persistent.Made made = persistent().make(pod("{'fsGroup':2000}"), json("{'name':'d','persistentVolumeClaim':{'claimName':'data'}}"));
        assertEquals(new Persistent.Made(at, false, false), made);
        assertEquals(2000, Files.getAttribute(file, "unix:gid"));
        assertEquals(0660, (int) Files.getAttribute(file, "unix:mode") & 07777);
        assertTrue(((int) Files.getAttribute(at, "unix:mode") & 02000) != 0, "new files are the group's too");
        Files.setAttribute(file, "unix:gid", 0);
        persistent().make(pod("{'fsGroup':2000}"), VOLUME);
        assertEquals(0, Files.getAttribute(file, "unix:gid"), "not again for the same pod");
    }

    @Test
    void onRootMismatchLeavesAlone() throws Exception {
        Path at = Files.createDirectories(folder.resolve("data"));
        Path file = Files.writeString(at.resolve("f"), "x");
        Ownership.give(at, 2000, false, true);
        Files.setAttribute(file, "unix:gid", 0);
        Ownership.give(at, 2000, false, true);
        assertEquals(0, Files.getAttribute(file, "unix:gid"));
        Ownership.give(at, 2001, false, true);
        assertEquals(2001, Files.getAttribute(file, "unix:gid"));
    }

    @Test
    void hostPathAndReadOnly() throws Exception {
        bound("'hostPath':{'path':'" + folder.resolve("made") + "','type':'DirectoryOrCreate'}");
        assertEquals(new Persistent.Made(folder.resolve("made"), true, false), persistent().make(pod("{}"), VOLUME));
    }

    @Test
    void refusals() {
        assertEquals("error processing PVC ns/data: failed to fetch PVC from API server: persistentvolumeclaims \"data\" not found", refused(VOLUME));
        bound("'nfs':{'server':'s','path':'/p'}");
        assertEquals("PersistentVolume \"v\" is of type nfs, which this kubelet does not mount: hostPath and local are", refused(VOLUME));
        bound("'local':{'path':'/none/at/all'}");
        assertEquals("path \"/none/at/all\" does not exist", refused(VOLUME));
        bound("'volumeMode':'Block','local':{'path':'" + folder + "'}");
        assertEquals("PersistentVolume \"v\" has volumeMode Block, but " + folder + " is no block device", refused(VOLUME));
        bound("'local':{'path':'" + folder + "'},'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':["
                + "{'key':'kubernetes.io/hostname','operator':'In','values':['n2']}]}]}}");
        assertEquals("MountVolume.NodeAffinity check failed for volume \"v\" : no matching NodeSelectorTerms", refused(VOLUME));
        objects.get("persistentvolumes/v").set("other", "spec", "claimRef", "uid");
        assertEquals("found PV \"v\" bound to another claim than PVC ns/data", refused(VOLUME));
        objects.get("persistentvolumeclaims/data").set("Pending", "status", "phase");
        assertEquals("error processing PVC ns/data: PVC is not bound", refused(VOLUME));
        objects.put("persistentvolumeclaims/web-d", json("{'metadata':{'ownerReferences':[{'uid':'other'}]}}"));
        assertEquals("PVC ns/web-d was not created for pod ns/web (pod is not owner)", refused(json("{'name':'d','ephemeral':{}}")));
    }
}
