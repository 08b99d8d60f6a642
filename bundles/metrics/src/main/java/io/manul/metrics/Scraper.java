package io.manul.metrics;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks kubelets what is used, when somebody asks us. Of each node the last two samples are kept, and dropped when they are old: a
 * rate is what happened between two questions, or in one second when there was none for two minutes. Safe from any thread.
 */
final class Scraper {

    /** Within it the last answer holds (metrics-server scrapes every 15 s). */
    static final Duration FRESH = Duration.ofSeconds(5);
    static final Duration OLD = Duration.ofMinutes(2);
    static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final int AT_ONCE = 16;
    private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);

    /** Waits; a test drives the clock instead. */
    interface Pause {
        void pause(Duration length) throws InterruptedException;
    }

    /** @param before null until there were two */
    record Pair(Sample before, Sample now) {
        Duration window() {
            return Duration.between(before.at(), now.at());
        }
    }

    private final Cluster cluster;
    private final InstantSource clock;
    private final Pause pause;
    private final Map<String, Pair> nodes = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    Scraper(Cluster cluster, InstantSource clock, Pause pause) {
        this.cluster = cluster;
        this.clock = clock;
        this.pause = pause;
    }

    /** Both samples of each node that answers. */
    Map<String, Pair> pairs(Set<String> asked) throws InterruptedException {
        Instant now = clock.instant();
        nodes.values().removeIf(p -> Duration.between(p.now().at(), now).compareTo(OLD) > 0);
        Set<String> stale = new HashSet<>();
        for (String node : asked) {
            Pair p = nodes.get(node);
            if (p == null || p.before() == null || Duration.between(p.now().at(), now).compareTo(FRESH) > 0) {
                stale.add(node);
            }
        }
        scrape(stale);
        Set<String> single = new HashSet<>();
        stale.stream().filter(n -> nodes.containsKey(n) && nodes.get(n).before() == null).forEach(single::add);
        if (!single.isEmpty()) {
            pause.pause(SHORTEST);
            scrape(single);
        }
        Map<String, Pair> out = new HashMap<>();
        for (String node : asked) {
            Pair p = nodes.get(node);
            if (p != null && p.before() != null && Duration.between(p.now().at(), now).compareTo(OLD) <= 0) {
                out.put(node, p);
            }
        }
        return out;
    }

    /** One more sample of each, a second after the last: something has started since. */
    Map<String, Pair> again(Set<String> asked) throws InterruptedException {
        pause.pause(SHORTEST);
        scrape(asked);
        return pairs(asked);
    }

    private void scrape(Set<String> of) throws InterruptedException {
        Semaphore room = new Semaphore(AT_ONCE);
        List<Thread> all = new ArrayList<>();
        for (String node : of) {
            all.add(Thread.ofVirtual().name("metrics-" + node).start(() -> scrape(node, room)));
        }
        long end = System.nanoTime() + LIMIT.toNanos();
        for (Thread t : all) {
            if (!t.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                t.interrupt();
            }
        }
        for (Thread t : all) {
            t.join(Duration.ofSeconds(1));
        }
    }

    private void scrape(String node, Semaphore room) {
        try {
            room.acquire();
            try {
                Sample s = Sample.of(cluster.raw("GET", "/api/v1/nodes/" + node + "/proxy/stats/summary?only_cpu_and_memory=true&rates=false", null),
                        clock.instant());
                nodes.merge(node, new Pair(null, s), (old, fresh) -> Duration.between(old.now().at(), s.at()).compareTo(SHORTEST.dividedBy(2)) < 0
                        ? old : new Pair(old.now(), s));
                silent.remove(node);
            } finally {
                room.release();
            }
        } catch (ClusterException e) {
            report(node, e.getMessage());
        } catch (InterruptedException e) {
            report(node, "no answer within " + LIMIT.toSeconds() + " s");
            Thread.currentThread().interrupt();
        }
    }

    /** Once while it lasts. */
    private void report(String node, String why) {
        if (silent.add(node)) {
            LOG.warn("A node does not tell what it uses; it is left out node={} why={}", node, why);
        }
    }
}
