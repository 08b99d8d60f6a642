package io.manul.kubelet.pod;

import io.manul.api.component.Component.Health;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.cri.CriException;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.PodSandbox;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pods of this node, each with its worker: those that the API has bound to it, and those that the runtime still has of
 * former times, which end. Safe from any thread.
 */
public final class Pods implements AutoCloseable, PodWorker.Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(Pods.class);
    private static final Duration LAST_STEPS = Duration.ofSeconds(3);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final long SLOW_MILLIS = Duration.ofMinutes(5).toMillis();

    private final Parts parts;
    private final Informer informer;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile String trouble = "";
    private volatile boolean closed;
    private Thread opener;

    /** @param informer of this node's pods, not started yet */
    public Pods(Parts parts, Informer informer) {
        this.parts = parts;
        this.informer = informer;
    }

    /** Waits in the background for what workers need (Services for environments), then takes the pods on. */
    public void start() {
        opener = Thread.ofVirtual().name("kubelet-pods").start(() -> {
            try {
                while (!parts.services().awaitSynced(Duration.ofMinutes(1))) {
                    LOG.warn("Waiting for the API to list Services");
                }
                informer.listen(this::changed).start();
                while (!informer.awaitSynced(Duration.ofMinutes(1))) {
                    LOG.warn("Waiting for the API to list this node's pods");
                }
                orphans();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void changed(Informer.Change change) {
        Pod pod = new Pod(change.object());
        if (change.previous() != null && !change.previous().uid().equals(pod.uid())) {
            tell(new Pod(change.previous()), true); // deleted and made again between two looks
        }
        tell(pod, change.kind() == Informer.Kind.DELETED);
    }

    private void tell(Pod pod, boolean gone) {
        if (closed) {
            return;
        }
        workers.compute(pod.uid(), (uid, worker) -> {
            if (worker != null) {
                worker.update(pod, gone);
                return worker;
            }
            if (gone) {
                return null; // ended before
            }
            return begin(pod, false);
        });
    }

    private PodWorker begin(Pod pod, boolean gone) {
        PodWorker worker = new PodWorker(parts, pod, gone, this);
        worker.start();
        return worker;
    }

    /** Pods that the runtime has and the API has not: they were deleted while we were away. */
    private void orphans() throws InterruptedException {
        while (!closed) {
            try {
                for (PodSandbox s : parts.runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList()) {
                    String uid = s.getLabelsOrDefault(Labels.POD_UID, "");
                    if (!uid.isEmpty()) {
                        workers.computeIfAbsent(uid, u -> {
                            LOG.info("Pod is not in the API any more; it ends pod={}/{} uid={}", s.getMetadata().getNamespace(),
                                    s.getMetadata().getName(), u);
                            return begin(orphan(s, u), true);
                        });
                    }
                }
                return;
            } catch (CriException e) {
                LOG.warn("The runtime does not list its pods; tried again why={}", e.getMessage());
                Thread.sleep(Duration.ofSeconds(1));
            }
        }
    }

    private static Pod orphan(PodSandbox s, String uid) {
        String grace = s.getAnnotationsOrDefault(Labels.GRACE, "30");
        return new Pod(Obj.of("apiVersion", "v1", "kind", "Pod", "metadata",
                Obj.of("name", s.getMetadata().getName(), "namespace", s.getMetadata().getNamespace(), "uid", uid),
                "spec", Obj.of("terminationGracePeriodSeconds", grace.matches("[0-9]{1,9}") ? Long.parseLong(grace) : 30L)));
    }

    /** The runtime has news of that pod. */
    public void poke(String uid) {
        PodWorker worker = workers.get(uid);
        if (worker != null) {
            worker.poke();
        }
    }

    public void pokeAll() {
        workers.values().forEach(PodWorker::poke);
    }

    public boolean any() {
        return !workers.isEmpty();
    }

    /** The pod of that name, when it is on this node. */
    public Optional<Pod> get(Key key) {
        return informer.get(key).map(Pod::new);
    }

    public List<Pod> all() {
        return workers.values().stream().map(PodWorker::pod).toList();
    }

    @Override
    public void stepped() {
        steps.incrementAndGet();
    }

    @Override
    public void failed(String what) {
        failures.incrementAndGet();
        trouble = what;
    }

    @Override
    public void over(String uid, PodWorker worker) {
        workers.remove(uid, worker);
    }

    public Health health() {
        long slow = workers.values().stream().mapToLong(PodWorker::busyMillis).max().orElse(0);
        return new Health(steps.get(), failures.get(), slow > SLOW_MILLIS ? slow : 0, trouble);
    }

    private static void join(List<PodWorker> all, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (PodWorker w : all) {
            w.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }

    /** Ends every worker after its step, those that take longer by an interrupt; containers go on. */
    @Override
    public void close() {
        closed = true;
        informer.close();
        try {
            if (opener != null) {
                opener.interrupt();
                opener.join(Duration.ofSeconds(1));
            }
            List<PodWorker> all = List.copyOf(workers.values());
            all.forEach(PodWorker::close);
            join(all, LAST_STEPS);
            all.forEach(PodWorker::interrupt);
            join(all, LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.clear();
    }
}
