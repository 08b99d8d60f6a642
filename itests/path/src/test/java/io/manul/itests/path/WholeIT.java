package io.manul.itests.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.itests.Await;
import io.manul.itests.Command;
import io.manul.itests.ManulServer;
import io.manul.json.Obj;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One manifest with a bit of everything on one real server ({@code whole.yaml}): what it promises is seen, then it goes. Needs root. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SPACE = "whole";
    private static final String PAGE = "the whole of it";
    /** Rooms that rest while nobody needs them, and that the manifest needs. */
    private static final List<String> ON_DEMAND = List.of("controllers-sets", "controllers-batch", "controllers-policy", "controllers-autoscale",
            "network-policy", "network-loadbalancer", "network-ingress", "helm", "metrics");

    @TempDir
    private static Path folder;
    private static ManulServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ManulServer(SPACE, 14).environment(Map.of("MANUL_JAVA_OPTS", "-Dmanul.rest-after-ms=2000")).start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Command.Result kubectl(String... arguments) throws Exception {
        return server.kubectl(arguments);
    }

    private static String out(String... arguments) throws Exception {
        return kubectl(arguments).orFail().out().strip();
    }

    private static void says(String wanted, String... arguments) throws Exception {
        Await.until(LIMIT, String.join(" ", arguments) + " says \"" + wanted + "\"", () -> {
            Command.Result r = kubectl(arguments);
            return r.code() == 0 && r.out().contains(wanted) ? "" : r.toString();
        });
    }

    /** curl from another machine. */
    private static void answers(String wanted, String... arguments) throws Exception {
        String[] command = java.util.stream.Stream.concat(java.util.stream.Stream.of("curl", "-sS", "-i", "-m", "2"), java.util.stream.Stream.of(arguments))
                .toArray(String[]::new);
        Await.until(LIMIT, String.join(" ", command) + " says \"" + wanted + "\"", () -> {
            Command.Result r = Command.run(command);
            return r.out().contains(wanted) ? "" : r.toString();
        });
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    private static Path certificate() {
        return folder.resolve("tls.crt");
    }

    private static byte[] chart() throws Exception {
        Path templates = Files.createDirectories(folder.resolve("greeter/templates"));
        Files.writeString(templates.resolveSibling("Chart.yaml"), "apiVersion: v2\nname: greeter\nversion: 1.2.3\n");
        Files.writeString(templates.resolveSibling("values.yaml"), "greeting: none\n");
        Files.writeString(templates.resolve("greeting.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: {{ .Release.Name }}-greeting, labels: {chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}}}
                data: {greeting: {{ .Values.greeting | upper | quote }}}
                """);
        Path archive = folder.resolve("greeter.tgz");
        Command.run("tar", "-czf", archive.toString(), "-C", folder.toString(), "greeter").orFail();
        return Files.readAllBytes(archive);
    }

    private static String manifest() throws Exception {
        Command.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=whole",
                "-addext", "subjectAltName=DNS:secure.example.test", "-keyout", folder.resolve("tls.key").toString(), "-out", certificate().toString()).orFail();
        try (InputStream in = WholeIT.class.getResourceAsStream("/whole.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("${CRT}", base64(Files.readAllBytes(certificate())))
                    .replace("${KEY}", base64(Files.readAllBytes(folder.resolve("tls.key")))).replace("${CHART}", base64(chart()));
        }
    }

    private static String pod(String app) throws Exception {
        return out("-n", SPACE, "get", "pods", "-l", "app=" + app, "-o", "jsonpath={.items[0].metadata.name}");
    }

    /** Container and restart count of each pod that goes on. */
    private static Map<String, String> containers() throws Exception {
        Map<String, String> all = new TreeMap<>();
        for (Obj pod : server.json("-n", SPACE, "get", "pods", "-l", "app in (web, db, agent)").objects("items")) {
            Obj status = pod.objects("status", "containerStatuses").getFirst();
            all.put(pod.name(), status.text("containerID") + " restarts=" + status.number("restartCount").orElse(-1));
        }
        return all;
    }

    private static Map<String, String> states() throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>();
        Obj.parse(server.manul("components", "-o", "json").orFail().out()).objects("items").forEach(c -> all.put(c.text("name"), c.text("state")));
        all.keySet().retainAll(ON_DEMAND);
        return all;
    }

    @Test
    @Order(1)
    void everyWorkloadRuns() throws Exception {
        server.kubectlIn(manifest(), "apply", "-f", "-").orFail();
        for (String what : List.of("deployment/web", "statefulset/db", "daemonset/agent")) {
            out("-n", SPACE, "rollout", "status", what, "--timeout=60s");
        }
        out("-n", SPACE, "wait", "--for=condition=Complete", "job/count", "--timeout=60s");
        assertEquals("0-2", out("-n", SPACE, "get", "job", "count", "-o", "jsonpath={.status.completedIndexes}"));
        out("-n", SPACE, "create", "job", "tonight", "--from=cronjob/nightly");
        out("-n", SPACE, "wait", "--for=condition=Complete", "job/tonight", "--timeout=60s");
        says("Bound Bound", "-n", SPACE, "get", "pvc", "-o", "jsonpath={.items[*].status.phase}");
    }

    @Test
    @Order(2)
    void namesResolveInAPod() throws Exception {
        String agent = pod("agent");
        for (String name : List.of("web.whole.svc.cluster.local", "db-1.db.whole.svc.cluster.local", "kubernetes.default.svc.cluster.local")) {
            says("Address", "-n", SPACE, "exec", agent, "--", "sh", "-c", "nslookup " + name + " | sed 1,2d");
        }
        says("db-0 in ", "-n", SPACE, "exec", agent, "--", "timeout", "2", "wget", "-qO-", "http://db-0.db:8080/born");
    }

    @Test
    @Order(3)
    void thePolicyLetsThroughAndBlocks() throws Exception {
        String address = out("-n", SPACE, "get", "pod", "db-0", "-o", "jsonpath={.status.podIP}");
        assertTrue(fetch(pod("agent"), address).orFail().out().startsWith("db-0"));
        assertEquals(143, fetch(pod("web"), address).code(), "timed out");
    }

    /** Within 2 s (wget's own -T crashes in Debian's static busybox). */
    private static Command.Result fetch(String pod, String address) throws Exception {
        return kubectl("-n", SPACE, "exec", pod, "--", "timeout", "2", "wget", "-qO-", "http://" + address + ":8080/born");
    }

    @Test
    @Order(4)
    void whatAPodWroteIsThereForTheNext() throws Exception {
        String uid = out("-n", SPACE, "get", "pod", "db-0", "-o", "jsonpath={.metadata.uid}");
        out("-n", SPACE, "delete", "pod", "db-0");
        Await.until(LIMIT, "the next db-0", () -> {
            Command.Result r = kubectl("-n", SPACE, "get", "pod", "db-0", "-o", "jsonpath={.metadata.uid} {.status.containerStatuses[0].ready}");
            return r.out().endsWith("true") && !r.out().startsWith(uid) ? "" : r.toString();
        });
        assertEquals("db-0 in " + uid, out("-n", SPACE, "exec", "db-0", "--", "cat", "/data/born"));
    }

    @Test
    @Order(5)
    void loadBalancerAndIngressAnswerFromOutside() throws Exception {
        says(server.space().address(), "-n", SPACE, "get", "service", "web", "-o", "jsonpath={.status.loadBalancer.ingress[*].ip}");
        says(server.space().address(), "-n", SPACE, "get", "ingress", "web", "-o", "jsonpath={.status.loadBalancer.ingress[*].ip}");
        fromOutside();
    }

    private static void fromOutside() throws Exception {
        String ip = server.space().address();
        answers(PAGE, "http://" + ip + ":8081/");
        answers(PAGE, "-H", "Host: plain.example.test", "http://" + ip + "/");
        answers(" 308", "-H", "Host: secure.example.test", "http://" + ip + "/");
        answers(PAGE, "--cacert", certificate().toString(), "--resolve", "secure.example.test:443:" + ip, "https://secure.example.test/");
    }

    @Test
    @Order(6)
    void autoscalerBudgetAndTopAnswer() throws Exception {
        says("ValidMetricFound", "-n", SPACE, "get", "hpa", "web", "-o", "jsonpath={.status.conditions[*].reason}");
        says("0", "-n", SPACE, "get", "pdb", "web", "-o", "jsonpath={.status.disruptionsAllowed}");
        assertTrue(out("top", "nodes").contains("it "));
        String pods = out("-n", SPACE, "top", "pods");
        assertTrue(pods.contains("db-0") && pods.contains("db-1"), pods);
    }

    @Test
    @Order(7)
    void theChartIsDeployedAndEveryRoomActs() throws Exception {
        says("FROM THE CHART", "-n", SPACE, "get", "configmap", "greeter-greeting", "-o", "jsonpath={.data.greeting}");
        says("deployed", "-n", SPACE, "get", "secret", "sh.helm.release.v1.greeter.v1", "-o", "jsonpath={.metadata.labels.status}");
        Map<String, String> all = new TreeMap<>();
        ON_DEMAND.forEach(room -> all.put(room, "ACTIVE"));
        Await.until(LIMIT, "every room acts", () -> {
            out("-n", SPACE, "top", "pods"); // wakes metrics
            return states().equals(all) ? "" : states().toString();
        });
    }

    @Test
    @Order(8)
    void podsAndServicesGoOnThroughAKill() throws Exception {
        Map<String, String> before = containers();
        assertEquals(5, before.size(), before.toString());
        server.kill();
        answers(PAGE, "http://" + server.space().address() + ":8081/");
        server.start();
        Await.until(LIMIT, "the same containers", () -> containers().equals(before) ? "" : containers() + " instead of " + before);
        fromOutside();
        namesResolveInAPod();
        thePolicyLetsThroughAndBlocks();
    }

    @Test
    @Order(9)
    void roomsRestWhenEverythingIsGone() throws Exception {
        out("-n", SPACE, "delete", "helmchart", "greeter");
        assertEquals("", out("-n", SPACE, "get", "configmap", "greeter-greeting", "--ignore-not-found"));
        out("delete", "namespace", SPACE, "--timeout=60s");
        Map<String, String> all = new TreeMap<>();
        ON_DEMAND.forEach(room -> all.put(room, "RESTING"));
        Await.until(LIMIT, "every room on demand rests", () -> states().equals(all) ? "" : states().toString());
        assertEquals("", Command.run("pgrep", "-f", "haproxy.*" + server.data()).out(), "HAProxy goes with its room");
        Await.until(LIMIT, "no volume", () -> {
            String left = out("get", "pv", "-o", "name");
            return left.isEmpty() ? "" : left;
        });
    }
}
