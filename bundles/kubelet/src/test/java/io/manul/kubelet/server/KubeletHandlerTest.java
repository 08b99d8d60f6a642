package io.manul.kubelet.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.v1.AttachResponse;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerFilter;
import io.manul.cri.v1.ContainerMetadata;
import io.manul.cri.v1.ContainerState;
import io.manul.cri.v1.ContainerStatus;
import io.manul.cri.v1.ContainerStatusRequest;
import io.manul.cri.v1.ContainerStatusResponse;
import io.manul.cri.v1.ExecRequest;
import io.manul.cri.v1.ExecResponse;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListContainersResponse;
import io.manul.cri.v1.ListPodSandboxResponse;
import io.manul.cri.v1.PodSandbox;
import io.manul.cri.v1.PortForwardResponse;
import io.manul.json.Obj;
import io.manul.kubelet.log.FakeStream;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.Places;
import io.manul.kubelet.stats.Stats;
import io.manul.kubelet.volume.LocalVolumes;
import io.manul.kubelet.runtime.Labels;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeletHandlerTest {

    @TempDir
    Path folder;
    private final List<Container> containers = new ArrayList<>();
    private boolean away;
    private final List<Object> asked = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private final KubeletHandler handler = new KubeletHandler((Pki) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {Pki.class}, (p, m, a) -> {
                throw new UnsupportedOperationException(m.getName());
            }), new KubeletHandler.Reviewer(null, "n1"), runtime(), () -> pods, new LocalVolumes(Path.of("target/local-volumes-test")),
            new Stats(runtime(), new Places(Path.of("target/stats-test"), Path.of("target/stats-test"), "/none-of-it"), "n1", InstantSource.system()),
            InstantSource.system());

    private ContainerRuntime runtime() {
        return (ContainerRuntime) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ContainerRuntime.class}, (p, m, a) -> {
            asked.add(a[0]);
            if (away) {
                throw new io.manul.cri.CriException(io.manul.cri.CriException.Code.UNAVAILABLE, "it restarts");
            }
            return switch (m.getName()) {
                case "listContainers" -> ListContainersResponse.newBuilder().addAllContainers(containers.stream()
                        .filter(c -> fits(c, ((ListContainersRequest) a[0]).getFilter())).toList()).build();
                case "containerStatus" -> status(((ContainerStatusRequest) a[0]).getContainerId());
                case "listPodSandbox" -> ListPodSandboxResponse.newBuilder().addItems(PodSandbox.newBuilder().setId("s1")).build();
                case "exec" -> ExecResponse.newBuilder().setUrl("http://127.0.0.1:4711/exec/TOKEN").build();
                case "attach" -> AttachResponse.newBuilder().setUrl("http://127.0.0.1:4711/attach/TOKEN").build();
                case "portForward" -> PortForwardResponse.newBuilder().setUrl("http://127.0.0.1:4711/portforward/TOKEN").build();
                default -> throw new UnsupportedOperationException(m.getName());
            };
        });
    }

    private static boolean fits(Container c, ContainerFilter filter) {
        return c.getLabelsMap().entrySet().containsAll(filter.getLabelSelectorMap().entrySet());
    }

    private ContainerStatusResponse status(String id) {
        Container c = containers.stream().filter(x -> x.getId().equals(id)).findFirst().orElseThrow();
        return ContainerStatusResponse.newBuilder().setStatus(ContainerStatus.newBuilder().setId(id).setState(c.getState())
                .setLogPath(folder.resolve(c.getMetadata().getAttempt() + ".log").toString())).build();
    }

    private void container(int attempt, ContainerState state) {
        containers.add(Container.newBuilder().setId("c" + attempt).setMetadata(ContainerMetadata.newBuilder().setName("app").setAttempt(attempt))
                .setState(state).setCreatedAt(attempt + 1)
                .putAllLabels(Map.of(Labels.POD_NAMESPACE, "ns", Labels.POD_NAME, "web", Labels.POD_UID, "u1", Labels.CONTAINER, "app")).build());
    }

    @BeforeEach
    void logs() throws Exception {
        Files.writeString(folder.resolve("0.log"), "2026-01-01T00:00:01Z stdout F first\n");
        Files.writeString(folder.resolve("1.log"), "2026-01-01T00:00:02Z stdout F second\n2026-01-01T00:00:03Z stderr F more\n");
    }

    @Test
    void aFollowOutlivesARuntimeThatIsAway() throws Exception {
        container(0, ContainerState.CONTAINER_RUNNING);
        FakeStream stream = new FakeStream("");
        int[] waits = {0};
        stream.onIdle(() -> {
            if (++waits[0] == 5) {
                away = true;
            } else if (waits[0] == 25) {
                Files.writeString(folder.resolve("0.log"), "2026-01-01T00:00:09Z stdout F later\n", java.nio.file.StandardOpenOption.APPEND);
            } else if (waits[0] == 30) {
                away = false;
                containers.set(0, containers.getFirst().toBuilder().setState(ContainerState.CONTAINER_EXITED).build());
            }
        });
        handler.handle(new FakeExchange("/containerLogs/ns/web/app?follow=true", FakeExchange.APISERVER, false, stream));
        assertEquals("first\nlater\n", stream.text());
        assertTrue(stream.ended());
    }

    private FakeExchange done(FakeExchange x) throws Exception {
        handler.handle(x);
        return x;
    }

    @ParameterizedTest
    @CsvSource({"'',second more", "'?tailLines=1',more", "'?previous=true',first", "'?timestamps=true&tailLines=1',2026-01-01T00:00:03Z more",
        "'?limitBytes=3',sec", "'?sinceTime=2026-01-01T00:00:03Z',more"})
    void logs(String query, String expected) throws Exception {
        container(0, ContainerState.CONTAINER_EXITED);
        container(1, ContainerState.CONTAINER_RUNNING);
        FakeExchange x = done(FakeExchange.get("/containerLogs/ns/web/app" + query));
        assertEquals(200, x.status);
        assertEquals("text/plain", x.type);
        assertEquals(expected, x.stream.text().strip().replace("\n", " "));
        assertTrue(x.stream.ended());
    }

    @Test
    void aFollowThatIsTakenOverStaysWithItsContainer() throws Exception {
        container(0, ContainerState.CONTAINER_RUNNING);
        FakeStream stream = new FakeStream("");
        FakeExchange x = new FakeExchange("/containerLogs/ns/web/app?follow=true", FakeExchange.APISERVER, false, stream);
        containers.set(0, containers.getFirst().toBuilder().setState(ContainerState.CONTAINER_EXITED).build());
        handler.handle(x);
        container(1, ContainerState.CONTAINER_RUNNING);
        Files.writeString(folder.resolve("0.log"), "2026-01-01T00:00:09Z stdout F after\n", java.nio.file.StandardOpenOption.APPEND);
        FakeStream next = new FakeStream(stream.cursor().orElseThrow());
        handler.handle(new FakeExchange("/containerLogs/ns/web/app?follow=true", FakeExchange.APISERVER, false, next));
        assertEquals("first\n", stream.text());
        assertEquals("after\n", next.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /containerLogs/ns/web/app                  | 404 | pod "web" in namespace "ns" does not run on this node
            /containerLogs/ns/waits/app                | 400 | container "app" in pod "waits" is waiting to start: image is coming
            /containerLogs/ns/web/app?previous=true    | 400 | previous terminated container "app" in pod "web" not found
            /containerLogs/ns/web/app?tailLines=-1     | 400 | tailLines: Invalid value: -1: must be greater than or equal to 0
            /containerLogs/ns/web/app?sinceTime=x      | 400 | sinceTime: Invalid value: "x": must be an RFC 3339 time
            /containerLogs/ns/web/app?follow=maybe     | 400 | follow: Invalid value: "maybe": must be true or false
            /containerLogs/ns                          | 404 | path must be /containerLogs/NAMESPACE/POD[/UID]/CONTAINER
            /exec/ns/web/app?command=sh                | 400 | Upgrade request required
            /stats/container                           | 404 | the kubelet has /stats/summary only, not /stats/container
            /metrics/none                              | 404 | the kubelet has /metrics, /metrics/resource and /metrics/cadvisor, not /metrics/none
            /localVolumes/x                            | 400 | path must be /localVolumes/NAME?path=PATH
            /other                                     | 404 | the kubelet has no path /other
            """)
    void refusals(String target, int code, String message) throws Exception {
        pods.add(new Pod(Obj.parse("{\"metadata\":{\"name\":\"waits\",\"namespace\":\"ns\"},\"status\":{\"containerStatuses\":[{\"name\":\"app\","
                + "\"state\":{\"waiting\":{\"reason\":\"ContainerCreating\",\"message\":\"image is coming\"}}}]}}")));
        FakeExchange x = done(FakeExchange.get(target));
        assertEquals(code, x.status);
        assertEquals(message, Obj.parse(x.body).text("message"));
        assertEquals("Status", Obj.parse(x.body).kind());
    }

    @Test
    void execAttachAndPortForwardAreJoinedWithTheRuntimesStream() throws Exception {
        container(0, ContainerState.CONTAINER_RUNNING);
        assertEquals("127.0.0.1:4711/exec/TOKEN", done(FakeExchange.upgrade("/exec/ns/web/app?command=ls&command=-l&stdin=true&stdout=true&tty=true&stderr=true")).spliced);
        ExecRequest exec = (ExecRequest) asked.getLast();
        assertEquals(List.of("ls", "-l"), exec.getCmdList());
        assertTrue(exec.getStdin() && exec.getStdout() && exec.getTty() && !exec.getStderr());
        assertEquals("127.0.0.1:4711/attach/TOKEN", done(FakeExchange.upgrade("/attach/ns/web/u1/app?output=1&error=1")).spliced);
        assertEquals("127.0.0.1:4711/portforward/TOKEN", done(FakeExchange.upgrade("/portForward/ns/web?port=80")).spliced);
        FakeExchange gone = done(FakeExchange.upgrade("/exec/ns/other/app?command=ls&stdout=true"));
        assertEquals(404, gone.status);
        assertEquals(400, done(FakeExchange.upgrade("/exec/ns/web/app?stdout=true")).status);
        assertEquals(400, done(FakeExchange.upgrade("/exec/ns/web/app?command=ls")).status);
        assertEquals(400, done(FakeExchange.upgrade("/portForward/ns/web?port=99999")).status);
    }

    @Test
    void strangersAreRefused() throws Exception {
        FakeExchange x = done(new FakeExchange("/healthz", new Peer.Remote("1.2.3.4:5", List.of()), false, new FakeStream("")));
        assertEquals(401, x.status);
        assertEquals(200, done(new FakeExchange("/healthz", new Peer.Console(), false, new FakeStream(""))).status);
    }

    @Test
    void podsAndMetrics() throws Exception {
        container(0, ContainerState.CONTAINER_RUNNING);
        pods.add(new Pod(Obj.parse("{\"metadata\":{\"name\":\"web\",\"namespace\":\"ns\"}}")));
        assertEquals("web", Obj.parse(done(FakeExchange.get("/pods")).body).objects("items").getFirst().name());
        assertTrue(done(FakeExchange.get("/metrics")).text().contains("\nkubelet_running_containers{container_state=\"running\"} 1\n"));
    }
}
