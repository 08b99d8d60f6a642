package io.manul.itests.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.itests.ApiClient;
import io.manul.itests.Await;
import io.manul.itests.Command;
import io.manul.itests.ManulServer;
import io.manul.json.Obj;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every component is replaced, alone, while fifty requests a second, ten {@code kubectl get -w}, a {@code kubectl logs -f},
 * a {@code kubectl exec} and a port-forward run. {@code -Dswaps=20} for the whole; 2 a component otherwise.
 * {@code -Dcomponents=cri,kubelet} for some only.
 */
class SwapIT {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: counter, labels: {app: counter}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: manul.io/examples/busybox:1
                command: [sh, -c, "httpd -p 8080 -h /etc; n=0; while true; do echo n=$n; n=$((n+1)); usleep 100000; done"]
            """;

    private static ManulServer server;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        server = new ManulServer("swap", 12).start();
        api = new ApiClient(server.kubeconfig(), "https://" + server.space().address() + ":6443");
        server.kubectlIn(POD, "apply", "-f", "-").orFail();
        for (String name : List.of("steady", "tick")) {
            assertEquals(201, api.send("POST", "/api/v1/namespaces/default/configmaps", "application/json",
                    "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"count\":\"" + name + "\"}},\"data\":{\"n\":\"n=0\"}}").statusCode());
        }
        server.kubectl("wait", "--for=condition=Ready", "pod/counter", "--timeout=60s").orFail();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String container() throws Exception {
        Obj status = server.json("get", "pod", "counter").objects("status", "containerStatuses").getFirst();
        return status.text("containerID") + " restarts=" + status.number("restartCount").orElse(-1);
    }

    /** Every room that the server has, those at rest too: a swap begins them. */
    private static String rooms() throws Exception {
        return Obj.parse(server.manul("components", "-o", "json").orFail().out()).objects("items").stream().map(c -> c.text("name"))
                .collect(Collectors.joining(","));
    }

    @Test
    void everyComponentIsReplacedUnderLoad() throws Exception {
        int swaps = Integer.getInteger("swaps", 2);
        String before = container();
        Map<String, String> environment = Map.of("KUBECONFIG", server.kubeconfig().toString());
        List<Numbers> streams = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            // by label: of one named object kubectl itself leaves out what happens between its get and its watch
            streams.add(new Numbers("kubectl get -w #" + i, server.kubectlCommand("get", "configmap", "-l", "count=tick", "-w", "-o",
                    "jsonpath={.data.n}{\"\\n\"}"), environment));
        }
        streams.add(new Numbers("kubectl logs -f", server.kubectlCommand("logs", "-f", "counter", "--tail=1"), environment));
        Numbers exec = new Numbers("kubectl exec", server.kubectlCommand("exec", "-i", "counter", "--", "cat"), environment);
        streams.add(exec);
        Process forward = server.kubectlProcess("port-forward", "pod/counter", "18080:8080");
        Map<String, double[]> rows = new TreeMap<>();
        List<String> pauses = new ArrayList<>();
        AtomicLong ticks = new AtomicLong();
        Thread ticker = Thread.ofVirtual().start(() -> tick(exec.process().getOutputStream(), ticks));
        try (Load load = new Load(api).start()) {
            Await.until(Duration.ofSeconds(20), "every stream", () -> streams.stream().allMatch(s -> s.last() > 3) ? "" : "waiting");
            load.times();
            java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
            rows.put("(no swap)", load.times());
            long revisions = revisions();
            for (String component : System.getProperty("components", rooms()).split(",")) {
                double longest = 0;
                for (int i = 0; i < swaps; i++) {
                    Command.Result r = server.manul("swap", component, "--probation", "300", "-o", "json");
                    assertEquals(0, r.code(), component + ": " + r.err() + "\n" + server.tail());
                    longest = Math.max(longest, ((Number) Obj.parse(r.out()).get("pauseMillis")).doubleValue());
                }
                rows.put(component, load.times());
                pauses.add(component + "=" + Math.round(longest) + "ms");
                assertEquals(List.of(), load.failures(), "failed requests after " + component);
                for (Numbers s : streams) {
                    assertEquals(List.of(), s.failures(), "streams after " + component);
                }
                Command.Result answer = server.inside("curl", "-s", "-f", "-m", "5", "http://127.0.0.1:18080/passwd");
                assertTrue(forward.isAlive() && answer.out().startsWith("root:"), "port-forward after " + component + ": " + answer);
                assertEquals(before, container(), "container after " + component);
            }
            Await.until(Duration.ofSeconds(20), "no class loader of a replaced version",
                    () -> server.manul("status", "-o", "json").out().contains("\"loadersHeld\":[]") ? "" : server.manul("status", "-o", "json").out());
            assertEquals(revisions, revisions(), "bundle revisions stayed behind");
        } finally {
            ticker.interrupt();
            forward.destroy();
            streams.forEach(Numbers::close);
        }
        System.out.printf("%-22s %8s %8s %8s %8s%n", "REQUESTS (ms)", "P50", "P99", "P99.9", "MAX");
        rows.forEach((name, t) -> System.out.printf(Locale.ROOT, "%-22s %8.1f %8.1f %8.1f %8.1f%n", name, t[0], t[1], t[2], t[3]));
        System.out.println("longest pause of acting: " + pauses);
    }

    /** Bundle revisions that the framework keeps, after a collection. */
    private static long revisions() throws Exception {
        Command.Result r = Command.run(System.getProperty("java.home") + "/bin/jcmd", Long.toString(server.pid()), "GC.class_histogram");
        return r.orFail().out().lines().filter(l -> l.endsWith("org.apache.felix.framework.BundleRevisionImpl"))
                .mapToLong(l -> Long.parseLong(l.trim().split("\\s+")[1])).sum();
    }

    /** Twice a second the watched object counts on, and so does what exec echoes. */
    private static void tick(OutputStream exec, AtomicLong n) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long next = n.incrementAndGet();
                api.send("PATCH", "/api/v1/namespaces/default/configmaps/tick", "application/merge-patch+json", "{\"data\":{\"n\":\"n=" + next + "\"}}");
                exec.write(("n=" + next + "\n").getBytes(StandardCharsets.US_ASCII));
                exec.flush();
                java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        } catch (java.io.IOException e) {
            System.err.println("the ticker ended: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
