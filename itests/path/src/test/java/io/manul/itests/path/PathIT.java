package io.manul.itests.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.itests.Await;
import io.manul.itests.Command;
import io.manul.itests.ManulServer;
import io.manul.json.Obj;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** From {@code kubectl apply} to a real container and back, with stock kubectl and real containerd. Needs root. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PathIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static ManulServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ManulServer("path", 11).start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Path example() {
        return Path.of(System.getProperty("manul.checkout"), "docs/examples/hello.yaml");
    }

    @Test
    @Order(1)
    void aDeploymentBecomesPodsAndItsServiceAnswers() throws Exception {
        assertTrue(server.kubectl("get", "nodes").orFail().out().contains("Ready"));
        server.kubectl("apply", "-f", example().toString()).orFail();
        server.kubectl("rollout", "status", "deployment/hello", "--timeout=60s").orFail();
        String ip = server.json("get", "service", "hello").text("spec", "clusterIP");
        Await.until(LIMIT, "an answer of the Service from the node", () -> answer("http://" + ip + "/"));
        Await.until(LIMIT, "an answer of the node port from another machine", () -> {
            Command.Result r = Command.run("curl", "-s", "-m", "2", "http://" + server.space().address() + ":30080/");
            return r.out().contains("Hello from Manul") ? "" : r.toString();
        });
        String pod = pods().keySet().iterator().next();
        Await.until(LIMIT, "an answer of the Service from a pod", () -> {
            Command.Result r = server.kubectl("exec", pod, "--", "wget", "-q", "-O", "-", "http://" + ip + "/");
            return r.out().contains("Hello from Manul") ? "" : r.toString();
        });
    }

    private static String answer(String url) throws Exception {
        Command.Result r = server.inside("curl", "-s", "-m", "2", url);
        return r.out().contains("Hello from Manul") ? "" : r.toString();
    }

    /** Container id and restart count by pod. */
    private static Map<String, String> pods() throws Exception {
        Map<String, String> all = new TreeMap<>();
        for (Obj pod : server.json("get", "pods", "-l", "app=hello").objects("items")) {
            Obj status = pod.objects("status", "containerStatuses").getFirst();
            all.put(pod.name(), status.text("containerID") + " restarts=" + status.number("restartCount").orElse(-1));
        }
        return all;
    }

    @Test
    @Order(2)
    void execLogsAndPortForwardWork() throws Exception {
        String pod = pods().keySet().iterator().next();
        assertEquals("hi\n", server.kubectl("exec", pod, "--", "echo", "hi").orFail().out());
        assertEquals("from stdin", server.kubectlIn("from stdin", "exec", "-i", pod, "--", "cat").orFail().out());
        assertEquals(7, server.kubectl("exec", pod, "--", "sh", "-c", "exit 7").code());
        Await.until(LIMIT, "a log line", () -> {
            String log = server.kubectl("logs", pod, "--tail=5").orFail().out();
            return log.contains("response:200") || log.contains("GET") ? "" : log;
        });
        Process forward = server.kubectlProcess("port-forward", "pod/" + pod, "18080:8080");
        try {
            Await.until(LIMIT, "an answer through port-forward", () -> answer("http://127.0.0.1:18080/"));
        } finally {
            forward.destroy();
        }
    }

    @Test
    @Order(3)
    void aManifestInTheFolderIsApplied() throws Exception {
        Files.writeString(server.data().resolve("server/manifests/dropped.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: dropped, namespace: default}
                data: {from: folder}
                """);
        Await.until(Duration.ofSeconds(10), "the ConfigMap of the dropped manifest",
                () -> server.kubectl("get", "configmap", "dropped", "-o", "jsonpath={.data.from}").out().equals("folder") ? "" : "nothing yet");
        assertTrue(server.kubectl("-n", "kube-system", "get", "addons").orFail().out().contains("dropped"));
    }

    @Test
    @Order(4)
    void podsGoOnThroughARestartAndAKill() throws Exception {
        Map<String, String> before = pods();
        assertEquals(0, server.stop());
        server.start();
        Await.until(LIMIT, "the same pods after a restart", () -> pods().equals(before) ? "" : pods() + " instead of " + before);
        server.kill();
        server.start();
        Await.until(LIMIT, "the same pods after a kill -9", () -> pods().equals(before) ? "" : pods() + " instead of " + before);
        String ip = server.json("get", "service", "hello").text("spec", "clusterIP");
        Await.until(LIMIT, "an answer of the Service", () -> answer("http://" + ip + "/"));
    }

    @Test
    @Order(5)
    void aRollingUpdateReplacesPodsAndARollbackBringsThemBack() throws Exception {
        server.kubectl("set", "env", "deployment/hello", "COLOR=red").orFail();
        server.kubectl("rollout", "status", "deployment/hello", "--timeout=60s").orFail();
        server.kubectl("rollout", "undo", "deployment/hello").orFail();
        server.kubectl("rollout", "status", "deployment/hello", "--timeout=60s").orFail();
        assertEquals(List.of(), server.json("get", "deployment", "hello").objects("spec", "template", "spec", "containers").getFirst().objects("env"));
    }

    @Test
    @Order(6)
    void deletingTheDeploymentDeletesItsPods() throws Exception {
        server.kubectl("delete", "-f", example().toString()).orFail();
        Await.until(LIMIT, "no pods", () -> pods().isEmpty() ? "" : pods().toString());
    }
}
