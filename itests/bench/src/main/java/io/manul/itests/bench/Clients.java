package io.manul.itests.bench;

import io.manul.itests.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients with a connection each, that share a number of requests and do one after another. */
final class Clients {

    /** One request. */
    interface Request {
        void send(ApiClient api, int number) throws Exception;
    }

    /** @param millis of each request @param seconds for all of them */
    record Times(double[] millis, double seconds) {
        double perSecond() {
            return millis.length / seconds;
        }
    }

    private final List<ApiClient> apis;

    Clients(List<ApiClient> apis) {
        this.apis = apis;
    }

    /** The first failure ends it all. */
    Times run(int requests, Request request) throws Exception {
        double[] millis = new double[requests];
        AtomicInteger next = new AtomicInteger();
        List<FutureTask<Void>> tasks = new ArrayList<>();
        long start = System.nanoTime();
        for (ApiClient api : apis) {
            FutureTask<Void> task = new FutureTask<>(() -> {
                for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                    long begin = System.nanoTime();
                    request.send(api, i);
                    millis[i] = (System.nanoTime() - begin) / 1e6;
                }
                return null;
            });
            tasks.add(task);
            Thread.ofVirtual().start(task);
        }
        for (FutureTask<Void> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                next.set(requests);
                throw new AssertionError("a request failed: " + e.getCause(), e.getCause());
            }
        }
        return new Times(millis, (System.nanoTime() - start) / 1e9);
    }
}
