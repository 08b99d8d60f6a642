package io.manul.cri.room;

import static io.manul.cri.room.Node.eventually;
import static io.manul.cri.room.Node.exec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.TestSettings;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.oci.OciArchive;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStatsRequest;
import io.manul.cri.v1.ContainerStatus;
import io.manul.cri.v1.ContainerStatusRequest;
import io.manul.cri.v1.ExecSyncRequest;
import io.manul.cri.v1.GetEventsRequest;
import io.manul.cri.v1.ImageSpec;
import io.manul.cri.v1.ImageStatusRequest;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.NamespaceMode;
import io.manul.cri.v1.NetworkConfig;
import io.manul.cri.v1.PodSandboxConfig;
import io.manul.cri.v1.PodSandboxStatusRequest;
import io.manul.cri.v1.PullImageRequest;
import io.manul.cri.v1.RemoveContainerRequest;
import io.manul.cri.v1.RemovePodSandboxRequest;
import io.manul.cri.v1.RuntimeConfig;
import io.manul.cri.v1.StatusRequest;
import io.manul.cri.v1.StopContainerRequest;
import io.manul.cri.v1.StopPodSandboxRequest;
import io.manul.cri.v1.UpdateRuntimeConfigRequest;
import io.manul.cri.v1.VersionRequest;
import io.manul.images.BusyboxImage;
import io.manul.images.ImagesRoom;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Real containerd, runc and CNI plugins; needs root. {@code -Dcontainerd.path=FOLDERS} takes another version's programs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ContainerdTest {

    private Node node;
    private CriRoom room;
    private ContainerRuntime runtime;
    private PodSandboxConfig pod;
    private String sandbox;
    private String container;

    @BeforeAll
    void start() throws Exception {
        Assumptions.assumeTrue(Node.usable(), "needs root, containerd and runc");
        node = new Node(System.getProperty("containerd.path", ""));
        room = node.room();
        room.begin(new byte[0]);
        runtime = Node.runtime(room);
        pod = node.pod("web", NamespaceMode.POD, NamespaceMode.CONTAINER);
    }

    @AfterAll
    void stop() throws Exception {
        if (node != null) {
            room.end();
            room.deactivate();
            node.close();
        }
    }

    private ContainerStatus status() throws Exception {
        return runtime.containerStatus(ContainerStatusRequest.newBuilder().setContainerId(container).build()).getStatus();
    }

    @Test
    @Order(1)
    void aCallBeforeContainerdIsUpWaitsForIt() throws Exception {
        assertEquals("containerd", runtime.version(VersionRequest.getDefaultInstance()).getRuntimeName());
        eventually(() -> runtime.status(StatusRequest.getDefaultInstance()).getStatus().getConditionsList().stream()
                .allMatch(c -> c.getStatus()), "RuntimeReady and NetworkReady");
    }

    @Test
    @Order(2)
    void aPodRunsWithAnAddressOfThisNode() throws Exception {
        BusyboxImage.write(node.images().resolve("busybox.tar"), Path.of("/bin/busybox"));
        ImagesRoom images = new ImagesRoom(node.settings, runtime, Node.archives(room));
        images.begin(new byte[0]);
        images.end();
        sandbox = Node.sandbox(runtime, pod);
        String ip = runtime.podSandboxStatus(PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandbox).build()).getStatus()
                .getNetwork().getIp();
        assertTrue(ip.startsWith("10.203.0."), ip);
        eventually(() -> there(Node.IMAGE), "busybox in the CRI");
        container = Node.start(runtime, sandbox, pod, "/bin/busybox", "sh", "-c",
                "echo hello $PLACE; trap 'echo bye; exit 7' TERM; while true; do busybox sleep 1 & wait $!; done");
        assertEquals(ContainerState.CONTAINER_RUNNING, status().getState());
    }

    private boolean there(String image) throws Exception {
        return runtime.imageStatus(ImageStatusRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(image)).build()).hasImage();
    }

    @Test
    @Order(3)
    void archivesAreImportedAndBadOnesRefused() throws Exception {
        byte[] tar = OciArchive.here("manul.io/test/packed:1").file("/f", 0644, new byte[10]).bytes();
        Path gzip = node.data.resolve("packed.tar.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(tar);
        }
        Node.archives(room).importArchive(gzip);
        Node.archives(room).pin("manul.io/test/packed:1");
        eventually(() -> there("manul.io/test/packed:1"), "the image in the CRI");
        Path bad = Files.writeString(node.data.resolve("bad.tar"), "<html>");
        CriException e = assertThrows(CriException.class, () -> Node.archives(room).importArchive(bad));
        assertEquals(CriException.Code.INVALID_ARGUMENT, e.code(), e.toString());
        Path half = Files.write(node.data.resolve("half.tar.gz"), java.util.Arrays.copyOf(Files.readAllBytes(gzip), 300));
        CriException cut = assertThrows(CriException.class, () -> Node.archives(room).importArchive(half));
        assertTrue(cut.getMessage().contains("Unexpected end of ZLIB input stream"), cut.toString());
        CriException none = assertThrows(CriException.class, () -> Node.archives(room).pin("manul.io/test/none:1"));
        assertEquals(CriException.Code.NOT_FOUND, none.code(), none.toString());
    }

    @Test
    @Order(3)
    void hostPortAndSharedProcessNamespace() throws Exception {
        PodSandboxConfig web = node.pod("port", NamespaceMode.POD, NamespaceMode.POD, 28_080);
        String box = Node.sandbox(runtime, web);
        String server = Node.start(runtime, box, web, "httpd", "-f", "-p", "80", "-h", "/etc");
        String page = eventually(() -> get("http://127.0.0.1:28080/group"), "the page behind the host port");
        assertTrue(page.startsWith("root:x:0:"), page);
        // a process whose parent ends belongs to pause, which must not leave it as a zombie
        exec(runtime, server, "sh", "-c", "(sleep 0.1; exit 0) & exit 0");
        eventually(() -> {
            String processes = exec(runtime, server, "ps").getStdout().toStringUtf8();
            return processes.contains("/pause") && !processes.contains("sleep") && !processes.contains("[sh]");
        }, "no zombie");
        long start = System.nanoTime();
        runtime.stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(box).build());
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "pause ends on TERM");
        runtime.removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(box).build());
    }

    private static String get(String url) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2)).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
        } catch (java.io.IOException e) {
            return null; // not yet
        }
    }

    @Test
    @Order(3)
    void theKubeletTellsTheNodesCidr() throws Exception {
        runtime.updateRuntimeConfig(UpdateRuntimeConfigRequest.newBuilder().setRuntimeConfig(RuntimeConfig.newBuilder()
                .setNetworkConfig(NetworkConfig.newBuilder().setPodCidr("10.203.7.0/24"))).build());
        PodSandboxConfig other = node.pod("other", NamespaceMode.POD, NamespaceMode.CONTAINER);
        eventually(() -> {
            String box = Node.sandbox(runtime, other);
            String ip = runtime.podSandboxStatus(PodSandboxStatusRequest.newBuilder().setPodSandboxId(box).build()).getStatus()
                    .getNetwork().getIp();
            runtime.stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(box).build());
            runtime.removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(box).build());
            return ip.startsWith("10.203.7.");
        }, "an address of the new range");
        CriException e = assertThrows(CriException.class, () -> runtime.updateRuntimeConfig(UpdateRuntimeConfigRequest.newBuilder()
                .setRuntimeConfig(RuntimeConfig.newBuilder().setNetworkConfig(NetworkConfig.newBuilder().setPodCidr("x"))).build()));
        assertEquals(CriException.Code.INVALID_ARGUMENT, e.code());
    }

    @Test
    @Order(3)
    void aRuntimeThatSomebodyElseRunsIsOnlyUsed() throws Exception {
        Path elsewhere = Files.createDirectories(node.data.resolve("elsewhere"));
        CriRoom external = new CriRoom(new TestSettings("test", elsewhere, Map.of("container-runtime-endpoint",
                node.data.resolve("run/containerd/containerd.sock").toString())), node.machine);
        external.begin(new byte[0]);
        assertEquals("containerd", Node.runtime(external).version(VersionRequest.getDefaultInstance()).getRuntimeName());
        external.end();
        external.deactivate();
        try (var made = Files.list(elsewhere)) {
            assertEquals(0, made.count(), "nothing was written");
        }
    }

    @Test
    @Order(4)
    void execGivesOutputAndExitCode() throws Exception {
        var answer = exec(runtime, container, "/bin/busybox", "sh", "-c", "echo out; echo err >&2; exit 3");
        assertEquals("out\n", answer.getStdout().toStringUtf8());
        assertEquals("err\n", answer.getStderr().toStringUtf8());
        assertEquals(3, answer.getExitCode());
        CriException late = assertThrows(CriException.class, () -> runtime.execSync(ExecSyncRequest.newBuilder()
                .setContainerId(container).addCmd("/bin/busybox").addCmd("sleep").addCmd("30").setTimeout(1).build()));
        assertEquals(CriException.Code.DEADLINE_EXCEEDED, late.code());
        CriException bad = assertThrows(CriException.class, () -> exec(runtime, container, "/no/such/program"));
        assertTrue(bad.getMessage().contains("no such file"), bad.getMessage());
    }

    @Test
    @Order(4)
    void whatItPrintsIsInItsLog() throws Exception {
        Path log = node.data.resolve("logs/main/0.log");
        eventually(() -> Files.readString(log).endsWith(" stdout F hello plant\n"), "the line in the log");
        assertEquals(log.toString(), status().getLogPath());
    }

    @Test
    @Order(5)
    void statsAreThere() throws Exception {
        eventually(() -> runtime.containerStats(ContainerStatsRequest.newBuilder().setContainerId(container).build()).getStats()
                .getMemory().getWorkingSetBytes().getValue() > 0, "memory of the container");
    }

    @Test
    @Order(6)
    void refusalsKeepCodeAndMessage() {
        CriException e = assertThrows(CriException.class, () -> runtime.containerStatus(
                ContainerStatusRequest.newBuilder().setContainerId("nobody").build()));
        assertTrue(e.notFound(), e.toString());
        CriException pull = assertThrows(CriException.class, () -> runtime.pullImage(PullImageRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage("127.0.0.1:1/none:1")).build()));
        assertTrue(pull.getMessage().contains("127.0.0.1:1"), pull.getMessage());
    }

    @Test
    @Order(7)
    void interruptingACallEndsIt() throws Exception {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                exec(runtime, container, "/bin/busybox", "sleep", "9");
            } catch (Throwable e) {
                end.set(e);
            }
        });
        eventually(() -> exec(runtime, container, "/bin/busybox", "ps").getStdout().toStringUtf8().contains("sleep 9"), "sleep runs");
        caller.interrupt();
        caller.join(Duration.ofSeconds(2));
        assertTrue(end.get() instanceof InterruptedException, String.valueOf(end.get()));
    }

    @Test
    @Order(8)
    void theNextVersionFindsEverythingAndTheOldOneHoldsNothing() throws Exception {
        long pid = node.pid();
        long started = status().getStartedAt();
        CriRoom next = node.room();
        assertEquals(container, firstContainer(Node.runtime(next)), "it serves before begin");
        byte[] state = room.end();
        next.begin(state);
        assertEquals(0, threads("manul-cri-io") - 1, "the old version's thread is gone");
        CriRoom old = room;
        room = next;
        runtime = Node.runtime(next);
        assertEquals(pid, node.pid());
        assertEquals(started, status().getStartedAt());
        next.end();
        old.begin(new byte[0]);
        assertEquals(container, firstContainer(Node.runtime(old)), "a version that begins again serves again");
        old.end();
        old.deactivate();
        assertThrows(CriException.class, () -> firstContainer(Node.runtime(old)));
        next.begin(new byte[0]);
        assertEquals(ContainerState.CONTAINER_RUNNING, status().getState());
        assertEquals(pid, node.pid());
    }

    private static String firstContainer(ContainerRuntime runtime) throws Exception {
        return runtime.listContainers(ListContainersRequest.getDefaultInstance()).getContainers(0).getId();
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals(name)).count();
    }

    @Test
    @Order(9)
    void killedContainerdComesBackAndTheContainerNeverStopped() throws Exception {
        long pid = node.pid();
        long started = status().getStartedAt();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        eventually(() -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "end of containerd");
        assertEquals("containerd", runtime.version(VersionRequest.getDefaultInstance()).getRuntimeName(), "the call waited");
        assertNotEquals(pid, node.pid());
        ContainerStatus status = status();
        assertEquals(ContainerState.CONTAINER_RUNNING, status.getState());
        assertEquals(started, status.getStartedAt());
        assertEquals(0, exec(runtime, container, "/bin/busybox", "true").getExitCode());
    }

    @Test
    @Order(10)
    void eventsAreStreamedOrRefused() throws Exception {
        AtomicReference<CriException> end = new AtomicReference<>();
        Thread reader = Thread.startVirtualThread(() -> {
            try {
                runtime.getContainerEvents(GetEventsRequest.getDefaultInstance(), e -> { });
            } catch (CriException e) {
                end.set(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        if (runtime.version(VersionRequest.getDefaultInstance()).getRuntimeVersion().replaceFirst("^v", "").startsWith("1.6")) {
            reader.join(Duration.ofSeconds(5));
            assertEquals(CriException.Code.UNIMPLEMENTED, end.get().code());
        } else {
            assertFalse(reader.join(Duration.ofMillis(300)), String.valueOf(end.get()));
            reader.interrupt();
            assertTrue(reader.join(Duration.ofSeconds(5)));
        }
    }

    @Test
    @Order(11)
    void stopIsTermThenTheExitCodeOfTheProgram() throws Exception {
        runtime.stopContainer(StopContainerRequest.newBuilder().setContainerId(container).setTimeout(10).build());
        ContainerStatus status = status();
        assertEquals(ContainerState.CONTAINER_EXITED, status.getState());
        assertEquals(7, status.getExitCode());
        runtime.removeContainer(RemoveContainerRequest.newBuilder().setContainerId(container).build());
        runtime.stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(sandbox).build());
        runtime.removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandbox).build());
        runtime.removePodSandbox(RemovePodSandboxRequest.newBuilder().setPodSandboxId(sandbox).build());
        assertEquals(0, runtime.listContainers(ListContainersRequest.getDefaultInstance()).getContainersCount());
    }
}
