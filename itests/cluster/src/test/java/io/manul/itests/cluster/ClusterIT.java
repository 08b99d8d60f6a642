package io.manul.itests.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.itests.Await;
import io.manul.itests.Command;
import io.manul.itests.ManulAgent;
import io.manul.itests.ManulServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A server and two agents, each in a network namespace and a folder of its own. Needs root. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(30);
    /** The watchdog of a tunnel needs 25 s, and looks every 10. */
    private static final Duration CUT = Duration.ofSeconds(45);
    private static final String POD = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%1$s","labels":{"app":"%1$s"}},"spec":{"nodeName":"%2$s","terminationGracePeriodSeconds":0,
            "containers":[{"name":"c","image":"manul.io/examples/busybox:1","envFrom":[{"configMapRef":{"name":"words"}}],
            "command":["sh","-c","echo hello from $(hostname), $WORD; mkdir /w; hostname > /w/index.html; httpd -p 8080 -h /w; sleep 1000000"]}]}}
            """;

    private static final Deque<AutoCloseable> STARTED = new ArrayDeque<>();
    private static ManulServer server;
    private static ManulAgent one;
    private static ManulAgent two;

    private static <C extends AutoCloseable> C started(C what) {
        STARTED.push(what);
        return what;
    }

    @BeforeAll
    static void start() throws Exception {
        server = started(new ManulServer("main", 31)).start();
        one = started(new ManulAgent("one", 32));
        two = started(new ManulAgent("two", 33));
    }

    @AfterAll
    static void stop() throws Exception {
        while (!STARTED.isEmpty()) {
            STARTED.pop().close();
        }
    }

    private static String token() throws Exception {
        return Files.readString(server.data().resolve("server/node-token")).strip();
    }

    private static String out(String... kubectl) throws Exception {
        return server.kubectl(kubectl).orFail().out().strip();
    }

    private static void says(Duration limit, String wanted, String... kubectl) throws Exception {
        Await.until(limit, String.join(" ", kubectl) + " says \"" + wanted + "\"", () -> {
            Command.Result r = server.kubectl(kubectl);
            return r.code() == 0 && r.out().strip().equals(wanted) ? "" : r.code() + " " + r.out() + r.err();
        });
    }

    private static String address(String pod) throws Exception {
        return out("get", "pod", pod, "-o", "jsonpath={.status.podIP}");
    }

    private static void running(Duration limit, String pod) throws Exception {
        says(limit, "True", "get", "pod", pod, "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}");
    }

    @Test
    @Order(1)
    void aWrongTokenIsRefusedAtOnceAndSaysWhereTheRightOneIs() throws Exception {
        one.start(server, "wrong");
        assertEquals(1, one.awaitEnd(SOON));
        assertTrue(one.log().contains("token is not valid") && one.log().contains("server/node-token"), one.log());
        String other = token().replaceFirst("K10....", "K100000");
        one.start(server, other);
        assertEquals(1, one.awaitEnd(SOON));
        assertTrue(one.log().contains("token CA hash does not match the Cluster CA certificate hash"), one.log());
    }

    @Test
    @Order(2)
    void oneLineMakesANode() throws Exception {
        one.start(server, token());
        two.start(server, server.manul("token", "create").orFail().out().strip());
        one.awaitReady(LIMIT);
        two.awaitReady(LIMIT);
        for (String node : List.of("it", "one", "two")) {
            says(LIMIT, "True", "get", "node", node, "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}");
        }
    }

    @Test
    @Order(3)
    void podsOfDifferentNodesReachEachOther() throws Exception {
        out("create", "configmap", "words", "--from-literal=WORD=configured");
        server.kubectlIn(POD.formatted("a", "it"), "apply", "-f", "-").orFail();
        server.kubectlIn(POD.formatted("b", "one"), "apply", "-f", "-").orFail();
        server.kubectlIn(POD.formatted("c", "two"), "apply", "-f", "-").orFail();
        for (String pod : List.of("a", "b", "c")) {
            running(LIMIT, pod);
        }
        for (String from : List.of("a", "b", "c")) {
            for (String to : List.of("a", "b", "c")) {
                says(SOON, to, "exec", from, "--", "wget", "-qO-", "http://" + address(to) + ":8080/");
            }
        }
        assertEquals("1450", out("exec", "b", "--", "cat", "/sys/class/net/eth0/mtu"));
    }

    @Test
    @Order(4)
    void aServiceLeadsToAPodOfAnotherNode() throws Exception {
        out("expose", "pod", "c", "--port=80", "--target-port=8080");
        String service = out("get", "service", "c", "-o", "jsonpath={.spec.clusterIP}");
        for (String from : List.of("a", "b", "c")) {
            says(SOON, "c", "exec", from, "--", "wget", "-qO-", "http://" + service + "/");
        }
    }

    @Test
    @Order(5)
    void theServerReachesTheKubeletThroughTheTunnel() throws Exception {
        assertEquals("hello from b, configured", out("logs", "b"));
        assertEquals("through", server.kubectlIn("through", "exec", "-i", "b", "--", "cat").orFail().out());
        assertEquals(7, server.kubectl("exec", "b", "--", "sh", "-c", "exit 7").code());
        byte[] much = "0123456789abcdef".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        assertEquals(String.valueOf(much.length), server.kubectlIn(new String(much, StandardCharsets.US_ASCII), "exec", "-i", "b", "--", "wc", "-c").orFail().out().strip());
        Process forward = server.kubectlProcess("port-forward", "pod/c", "18080:8080");
        try {
            Await.until(SOON, "an answer through port-forward", () -> {
                Command.Result r = server.inside("busybox", "wget", "-qO-", "http://127.0.0.1:18080/");
                return r.out().strip().equals("c") ? "" : r.out() + r.err();
            });
        } finally {
            forward.destroy();
        }
    }

    @Test
    @Order(6)
    void aCutLinkLeavesNoClientHangingAndHealsByItself() throws Exception {
        Process follow = server.kubectlProcess("logs", "-f", "b");
        long cut;
        try {
            assertEquals("hello from b, configured", follow.inputReader().readLine());
            one.link(false);
            cut = System.nanoTime();
            assertTrue(follow.waitFor(CUT.toSeconds(), TimeUnit.SECONDS), "kubectl logs -f hangs on a cut link");
        } finally {
            follow.destroyForcibly();
        }
        System.out.printf("cut link: the client was told after %d s%n", (System.nanoTime() - cut) / 1_000_000_000);
        Command.Result r = server.kubectl("exec", "b", "--", "true");
        assertTrue(r.code() != 0 && r.err().contains("node one is not connected to this server"), r.err());
        one.link(true);
        long up = System.nanoTime();
        says(CUT, "b", "exec", "b", "--", "hostname");
        System.out.printf("link back: exec after %d s%n", (System.nanoTime() - up) / 1_000_000_000);
    }

    @Test
    @Order(7)
    void aNodeThatRebootsAloneStartsItsPodsAndReportsLater() throws Exception {
        String uid = out("get", "pod", "b", "-o", "jsonpath={.metadata.uid}");
        server.stop();
        one.powerCut();
        one.start(server, "");
        String address = "10.42";
        Await.until(LIMIT, "pod b to run without a server", () -> {
            String routes = Command.run(one.space().inside("sh", "-c", "ip -o neigh show dev cni0; ip -o addr show dev cni0").toArray(String[]::new)).out();
            Command.Result r = Command.run(one.space().inside("ctr", "-a", one.data().resolve("run/containerd/containerd.sock").toString(), "-n", "k8s.io",
                    "tasks", "ls", "-q").toArray(String[]::new));
            return r.out().lines().count() >= 2 && routes.contains(address) ? "" : r.out() + r.err() + one.log();
        });
        server.start();
        running(LIMIT, "b");
        assertEquals(uid, out("get", "pod", "b", "-o", "jsonpath={.metadata.uid}"));
        says(SOON, "1", "get", "pod", "b", "-o", "jsonpath={.status.containerStatuses[0].restartCount}");
        says(SOON, "b", "exec", "c", "--", "wget", "-qO-", "http://" + address("b") + ":8080/");
    }

    @Test
    @Order(8)
    void aNodeWhoseCertificateHasExpiredIsBackByItself() throws Exception {
        two.stop();
        Expired.client(server.data().resolve("server/tls"), two.data().resolve("agent"), "two");
        two.start(server, "");
        says(LIMIT, "c", "exec", "c", "--", "hostname");
        Await.until(SOON, "the renewal in the log", () -> two.log().contains("Certificates of this node were renewed") ? "" : two.log());
    }

    @Test
    @Order(9)
    void aNodeThatIsDeletedHasNoRoutesLeftAndItsNameIsFree() throws Exception {
        two.stop();
        out("delete", "node", "two", "--wait=true");
        Await.until(SOON, "no route to the node that was deleted", () ->
                Command.run(one.space().inside("ip", "route", "show", "dev", "flannel.1").toArray(String[]::new)).out().lines().count() == 1 ? ""
                        : Command.run(one.space().inside("ip", "route").toArray(String[]::new)).out());
        says(SOON, "", "-n", "kube-system", "get", "secret", "two.node-password.manul", "--ignore-not-found", "-o", "name");
    }
}
