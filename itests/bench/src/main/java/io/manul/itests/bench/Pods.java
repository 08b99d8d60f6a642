package io.manul.itests.bench;

import io.manul.itests.ApiClient;
import io.manul.itests.ManulServer;
import io.manul.json.Obj;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** From the POST of a pod to the watch event that says Running. */
final class Pods {

    private static final String PATH = "/api/v1/namespaces/default/pods";
    private static final String POD = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"bench"}},"spec":{"terminationGracePeriodSeconds":0,
            "containers":[{"name":"main","image":"manul.io/examples/busybox:1","command":["sleep","3600"]}]}}""";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ApiClient api;
    private final Report report;
    private final Map<String, Long> running = new HashMap<>();
    private String broke = "";

    Pods(ManulServer server, Report report) throws Exception {
        this.api = new ApiClient(server.kubeconfig(), "https://" + server.space().address() + ":6443");
        this.report = report;
    }

    void run(int pods) throws Exception {
        Thread watch = Thread.ofVirtual().start(this::watch);
        start("first"); // the image is unpacked once
        double[] millis = new double[pods];
        for (int i = 0; i < pods; i++) {
            millis[i] = start("one-" + i);
        }
        report.times("pods", "apply to Running, " + pods + " in a row", millis);
        delete();
        long begin = System.nanoTime();
        Map<String, Long> posted = new HashMap<>();
        for (int i = 0; i < pods; i++) {
            posted.put("all-" + i, post("all-" + i));
        }
        double[] together = new double[pods];
        for (int i = 0; i < pods; i++) {
            together[i] = (awaitRunning("all-" + i) - posted.get("all-" + i)) / 1e6;
        }
        report.add("pods", pods + " at once, until the last runs", (System.nanoTime() - begin) / 1e6, "ms");
        report.times("pods", "apply to Running, " + pods + " at once", together);
        delete();
        watch.interrupt();
    }

    private double start(String name) throws IOException, InterruptedException {
        long begin = post(name);
        return (awaitRunning(name) - begin) / 1e6;
    }

    private long post(String name) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Requests.expect(201, api.send("POST", PATH, "application/json", POD.formatted(name)));
        return begin;
    }

    private void delete() throws Exception {
        Requests.expect(200, api.send("DELETE", PATH + "?labelSelector=app%3Dbench", "", ""));
        io.manul.itests.Await.until(LIMIT, "no pod", () -> {
            int left = Obj.parse(api.send("GET", PATH + "?labelSelector=app%3Dbench", "", "").body()).objects("items").size();
            return left == 0 ? "" : left + " pods";
        });
    }

    private void watch() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(api.stream(PATH + "?watch=true").body(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Obj pod = Obj.parse(line).object("object").orElseThrow();
                if (pod.text("status", "phase").equals("Running")) {
                    seen(pod.name());
                }
            }
            end("the watch ended");
        } catch (IOException e) {
            end("the watch broke: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void seen(String name) {
        running.putIfAbsent(name, System.nanoTime());
        notifyAll();
    }

    private synchronized void end(String why) {
        broke = why;
        notifyAll();
    }

    private synchronized long awaitRunning(String name) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!running.containsKey(name)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0 || !broke.isEmpty()) {
                throw new AssertionError("pod " + name + " is not Running after " + LIMIT.toSeconds() + " s" + (broke.isEmpty() ? "" : "; " + broke));
            }
            wait(left);
        }
        return running.get(name);
    }
}
