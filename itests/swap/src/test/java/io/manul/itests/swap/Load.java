package io.manul.itests.swap;

import io.manul.itests.ApiClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Fifty requests a second, open loop: reads and writes in turn; every failure and every time is kept. */
final class Load implements AutoCloseable {

    private static final int PER_SECOND = 50;
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final ApiClient api;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong number = new AtomicLong();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<Long> micros = new ArrayList<>();

    Load(ApiClient api) {
        this.api = api;
    }

    Load start() {
        clock.scheduleAtFixedRate(() -> Thread.ofVirtual().start(this::one), 0, 1_000_000 / PER_SECOND, TimeUnit.MICROSECONDS);
        return this;
    }

    private void one() {
        long n = number.incrementAndGet();
        long start = System.nanoTime();
        String what = "";
        try {
            HttpResponse<String> r = switch ((int) (n % 4)) {
                case 0 -> api.send("GET", what = "/api/v1/namespaces/default/pods?limit=50", "", "");
                case 1 -> api.send("POST", what = MAPS, "application/json", "{\"metadata\":{\"name\":\"load-" + n + "\"},\"data\":{\"n\":\"" + n + "\"}}");
                case 2 -> api.send("GET", what = "/apis/apps/v1/deployments", "", "");
                default -> api.send("PATCH", what = MAPS + "/steady", "application/merge-patch+json", "{\"data\":{\"n\":\"" + n + "\"}}");
            };
            if (r.statusCode() >= 300) {
                failures.add(what + ": " + r.statusCode() + " " + r.body());
            }
        } catch (IOException e) {
            failures.add(what + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (micros) {
            micros.add((System.nanoTime() - start) / 1000);
        }
    }

    List<String> failures() {
        return failures;
    }

    /** p50, p99, p99.9 and the longest, in milliseconds, since the last call. */
    double[] times() {
        long[] sorted;
        synchronized (micros) {
            sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
            micros.clear();
        }
        return Arrays.stream(new double[] {0.5, 0.99, 0.999, 1})
                .map(q -> sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))] / 1000.0).toArray();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
