package io.manul.kubelet.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import io.manul.kubelet.Places;
import io.manul.kubelet.container.Downward;
import io.manul.kubelet.container.Objects;
import io.manul.kubelet.container.References;
import io.manul.kubelet.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real mounts; needs root. */
class VolumesTest {

    private final Objects objects = new Objects()
            .with("configmaps", "ns/settings", "{\"data\":{\"speed\":\"fast\",\"mode\":\"a\"}}")
            .with("secrets", "ns/key", "{\"data\":{\"password\":\"czNjcmV0\"}}");
    private final Mounts mounts = new Mounts(new Kernel());
    private Path root;
    private Volumes volumes;
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @BeforeEach
    void begin() throws IOException {
        root = Files.createTempDirectory("manul-volumes").toRealPath();
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        mounts.share(root);
        Places places = new Places(root, root.resolve("logs"), "/kubepods-test");
        volumes = new Volumes(places, mounts, new References(objects.cluster()), objects.cluster(), "n1", () -> now = now.plusMillis(1));
    }

    @AfterEach
    void end() throws IOException {
        mounts.unmountAll(root);
        AtomicFolder.delete(root);
    }

    private static Downward downward(String spec) {
        return new Downward(new Pod(Obj.parse("{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\",\"uid\":\"u-1\",\"labels\":{\"app\":\"web\"}},\"spec\":"
                + spec + "}")), "n1", List.of("10.42.0.5"), List.of("192.168.1.2"), Map.of());
    }

    private Path one(String volume) throws Exception {
        return volumes.ensure(downward("{\"containers\":[{\"name\":\"c\"}],\"volumes\":[" + volume + "]}")).get("v");
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & 07777;
    }

    @Test
    void aConfigMapLiesInMemoryAndFollowsItsObject() throws Exception {
        Path v = one("{\"name\":\"v\",\"configMap\":{\"name\":\"settings\",\"defaultMode\":256}}");
        assertEquals("fast", Files.readString(v.resolve("speed")));
        assertEquals(0400, mode(v.resolve("mode").toRealPath()));
        assertEquals("tmpfs", Files.getFileStore(v).type());
        assertEquals(0750, mode(root));
        objects.with("configmaps", "ns/settings", "{\"data\":{\"speed\":\"slow\"}}");
        one("{\"name\":\"v\",\"configMap\":{\"name\":\"settings\"}}");
        assertEquals("slow", Files.readString(v.resolve("speed")));
        assertFalse(Files.exists(v.resolve("mode")));
    }

    @Test
    void itemsChooseKeysPathsAndModes() throws Exception {
        Path v = one("{\"name\":\"v\",\"secret\":{\"secretName\":\"key\",\"items\":[{\"key\":\"password\",\"path\":\"deep/pw\",\"mode\":384}]}}");
        assertEquals("s3cret", Files.readString(v.resolve("deep/pw")));
        assertEquals(0600, mode(v.resolve("deep/pw").toRealPath()));
    }

    @Test
    void downwardApi() throws Exception {
        Path v = one("{\"name\":\"v\",\"downwardAPI\":{\"items\":[{\"path\":\"labels\",\"fieldRef\":{\"fieldPath\":\"metadata.labels\"}},"
                + "{\"path\":\"name\",\"fieldRef\":{\"fieldPath\":\"metadata.name\"}}]}}");
        assertEquals("app=\"web\"", Files.readString(v.resolve("labels")));
        assertEquals("p", Files.readString(v.resolve("name")));
    }

    @Test
    void theServiceAccountsTokenIsAskedForOnceUntilItAges() throws Exception {
        String projected = """
                {"name":"v","projected":{"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":3600}},
                 {"configMap":{"name":"settings","items":[{"key":"speed","path":"speed"}]}},
                 {"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"fieldPath":"metadata.namespace"}}]}}]}}""";
        objects.token(token(now.getEpochSecond(), 3600));
        Path v = one(projected);
        byte[] first = Files.readAllBytes(v.resolve("token"));
        assertEquals("ns", Files.readString(v.resolve("namespace")));
        one(projected);
        assertEquals(1, objects.tokensGiven());
        now = now.plusSeconds(2881);
        objects.token(token(now.getEpochSecond(), 3600));
        one(projected);
        assertEquals(2, objects.tokensGiven());
        assertFalse(java.util.Arrays.equals(first, Files.readAllBytes(v.resolve("token"))));
    }

    private static String token(long issued, long seconds) {
        String claims = "{\"iat\":" + issued + ",\"exp\":" + (issued + seconds) + "}";
        return "h." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".s";
    }

    @Test
    void emptyDirIsKeptAndMemoryHasItsLimit() throws Exception {
        Path v = one("{\"name\":\"v\",\"emptyDir\":{}}");
        assertEquals(0777, mode(v));
        Files.writeString(v.resolve("f"), "kept");
        one("{\"name\":\"v\",\"emptyDir\":{}}");
        assertEquals("kept", Files.readString(v.resolve("f")));
        Path m = volumes.ensure(downward("{\"containers\":[],\"volumes\":[{\"name\":\"m\",\"emptyDir\":{\"medium\":\"Memory\",\"sizeLimit\":\"1Mi\"}}]}"))
                .get("m");
        assertEquals(1 << 20, Files.getFileStore(m).getTotalSpace());
        assertEquals(0777, mode(m));
    }

    @Test
    void fsGroupOwnsWhatThePodWrites() throws Exception {
        Path v = volumes.ensure(downward("{\"securityContext\":{\"fsGroup\":3000},\"containers\":[{\"name\":\"c\"}],\"volumes\":["
                + "{\"name\":\"v\",\"emptyDir\":{}},{\"name\":\"s\",\"secret\":{\"secretName\":\"key\",\"defaultMode\":256}}]}")).get("v");
        assertEquals(3000, Files.getAttribute(v, "unix:gid"));
        assertEquals(02777, mode(v));
        Path secret = root.resolve("pods/u-1/volumes/kubernetes.io~secret/s/password").toRealPath();
        assertEquals(3000, Files.getAttribute(secret, "unix:gid"));
        assertEquals(0440, mode(secret));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name":"v","configMap":{"name":"gone"}}                    | MountVolume.SetUp failed for volume "v" : configmap "gone" not found
            {"name":"v","secret":{"secretName":"gone"}}                 | MountVolume.SetUp failed for volume "v" : secret "gone" not found
            {"name":"v","configMap":{"name":"settings","items":[{"key":"k","path":"p"}]}} | MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: k
            {"name":"v","configMap":{"name":"settings","items":[{"key":"mode","path":"../p"}]}} | MountVolume.SetUp failed for volume "v" : invalid path, must be relative and not contain the '..' path: ../p
            {"name":"v","hostPath":{"path":"/dev/null","type":"File"}}  | MountVolume.SetUp failed for volume "v" : hostPath type check failed: /dev/null is not a file
            {"name":"v","hostPath":{"path":"/nowhere","type":"Directory"}} | MountVolume.SetUp failed for volume "v" : hostPath type check failed: /nowhere is not a directory
            {"name":"v","persistentVolumeClaim":{"claimName":"c"}}      | MountVolume.SetUp failed for volume "v" : error processing PVC ns/c: failed to fetch PVC from API server: persistentvolumeclaims "c" not found
            {"name":"v","nfs":{"server":"s"}}                           | MountVolume.SetUp failed for volume "v" : volumes of type nfs are not supported by this kubelet
            """)
    void refused(String volume, String message) {
        assertEquals(message, assertThrows(VolumeException.class, () -> one(volume)).getMessage());
    }

    @Test
    void hostPathTypes() throws Exception {
        assertEquals(Path.of("/dev/null"), one("{\"name\":\"v\",\"hostPath\":{\"path\":\"/dev/null\",\"type\":\"CharDevice\"}}"));
        Path made = root.resolve("made/here");
        one("{\"name\":\"v\",\"hostPath\":{\"path\":\"" + made + "\",\"type\":\"DirectoryOrCreate\"}}");
        assertTrue(Files.isDirectory(made));
    }

    @Test
    void noLinkInASubPathLeadsOutOfItsVolume() throws Exception {
        Path v = one("{\"name\":\"v\",\"emptyDir\":{}}");
        Pod pod = downward("{\"containers\":[]}").pod();
        Files.createDirectories(v.resolve("sub"));
        Files.writeString(v.resolve("sub/f"), "inside");
        Files.createSymbolicLink(v.resolve("near"), Path.of("sub"));
        Files.createSymbolicLink(v.resolve("far"), Path.of("/etc"));
        Files.createSymbolicLink(v.resolve("up"), Path.of("../../../../.."));
        assertEquals("inside", Files.readString(volumes.subPath(pod, "v", v, "c", 0, "sub/f")));
        assertEquals("inside", Files.readString(volumes.subPath(pod, "v", v, "c", 1, "near").resolve("f")));
        assertTrue(Files.isDirectory(volumes.subPath(pod, "v", v, "c", 2, "new/deep")));
        assertEquals(0777, mode(v.resolve("new")));
        assertEquals(0777, mode(v.resolve("new/deep")));
        for (String path : List.of("far", "far/passwd", "up", "../x", "/etc")) {
            assertThrows(VolumeException.class, () -> volumes.subPath(pod, "v", v, "c", 3, path), path);
        }
    }

    @Test
    void aPodThatIsOverKeepsItsLastWordsOnly() throws Exception {
        one("{\"name\":\"v\",\"secret\":{\"secretName\":\"key\"}}");
        Path words = Files.createDirectories(root.resolve("pods/u-1/containers/c")).resolve("last-words-0");
        Files.writeString(words, "bye");
        volumes.unmount("u-1");
        assertEquals("bye", Files.readString(words));
        assertFalse(Files.exists(root.resolve("pods/u-1/volumes")));
        volumes.unmount("u-1");
    }

    @Test
    void releaseLeavesNothingAndTouchesNothingElse() throws Exception {
        Path host = Files.createDirectory(root.resolve("host"));
        Files.writeString(host.resolve("keep"), "kept");
        Downward d = downward("{\"containers\":[],\"volumes\":[{\"name\":\"h\",\"hostPath\":{\"path\":\"" + host + "\"}},"
                + "{\"name\":\"s\",\"secret\":{\"secretName\":\"key\"}},{\"name\":\"m\",\"emptyDir\":{\"medium\":\"Memory\"}}]}");
        volumes.ensure(d);
        volumes.subPath(d.pod(), "h", host, "c", 0, ".");
        volumes.release("u-1");
        assertFalse(Files.exists(root.resolve("pods/u-1")));
        assertArrayEquals("kept".getBytes(StandardCharsets.UTF_8), Files.readAllBytes(host.resolve("keep")));
        volumes.release("u-1");
    }
}
