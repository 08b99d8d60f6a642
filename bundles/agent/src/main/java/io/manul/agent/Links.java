package io.manul.agent;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A tunnel to every known server, each kept up by a thread of its own. */
final class Links implements AutoCloseable {

    private final Map<URI, Thread> threads = new HashMap<>();
    /** Names of the servers that a tunnel leads to, by the address it was opened to. */
    private final Map<URI, String> linked = new ConcurrentHashMap<>();
    private final Link.Plan plan;
    private boolean closed;

    Links(Link.Plan plan) {
        this.plan = plan;
    }

    synchronized void want(List<URI> servers) {
        if (closed) {
            return;
        }
        Set<URI> gone = new HashSet<>(threads.keySet());
        servers.forEach(gone::remove);
        gone.forEach(g -> threads.remove(g).interrupt());
        for (URI s : servers) {
            threads.computeIfAbsent(s, uri -> Thread.ofVirtual().name("tunnel-link").start(new Link(uri, plan, linked)));
        }
    }

    @Override
    public void close() {
        List<Thread> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(threads.values());
            threads.clear();
        }
        all.forEach(Thread::interrupt);
        for (Thread t : all) {
            try {
                t.join(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
