package io.manul.kubelet.runtime;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.Container;
import io.manul.cri.v1.ContainerEventResponse;
import io.manul.cri.v1.GetEventsRequest;
import io.manul.cri.v1.ListContainersRequest;
import io.manul.cri.v1.ListPodSandboxRequest;
import io.manul.cri.v1.PodSandbox;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells which pods changed in the runtime: by its event stream where it has one (containerd 1.7), else by a list each second
 * while there are pods (Kubernetes, KEP-3386). One virtual thread.
 */
public final class Pleg implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pleg.class);
    private static final Duration RELIST = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    /** What happened before the stream was open it does not tell: all pods are looked at a while after that. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final ContainerRuntime runtime;
    private final Consumer<String> changed;
    private final Runnable all;
    private final BooleanSupplier pods;
    private Thread thread;

    /** @param changed takes a pod's uid @param all called when any pod may have changed @param pods whether there are any */
    public Pleg(ContainerRuntime runtime, Consumer<String> changed, Runnable all, BooleanSupplier pods) {
        this.runtime = runtime;
        this.changed = changed;
        this.all = all;
        this.pods = pods;
    }

    public void start() {
        thread = Thread.ofVirtual().name("kubelet-pleg").start(this::run);
    }

    private void run() {
        try {
            while (listened()) {
                Thread.sleep(RETRY);
                all.run();
            }
            LOG.info("The runtime has no event stream: pods are listed each second while there are any");
            relist();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Listens until the stream ends; false if the runtime has none. A method of its own: a frame that stays would keep the
     * exception, and with its backtrace the class loader of a replaced {@code cri}.
     */
    private boolean listened() throws InterruptedException {
        Thread again = Thread.ofVirtual().name("kubelet-pleg-again").start(this::lookAgain);
        try {
            runtime.getContainerEvents(GetEventsRequest.getDefaultInstance(), this::told);
        } catch (CriException e) {
            if (e.code() == CriException.Code.UNIMPLEMENTED) {
                return false;
            }
            LOG.debug("The runtime's event stream ended; opened again why={}", e.getMessage());
        } finally {
            again.interrupt();
        }
        return true;
    }

    private void lookAgain() {
        try {
            Thread.sleep(LOOK_AGAIN);
            all.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the stream is gone already
        }
    }

    private void told(ContainerEventResponse event) {
        String uid = event.getPodSandboxStatus().getMetadata().getUid();
        if (uid.isEmpty()) {
            all.run();
        } else {
            changed.accept(uid);
        }
    }

    private void relist() throws InterruptedException {
        Map<String, Map<String, Integer>> before = new HashMap<>();
        for (;;) {
            Thread.sleep(RELIST);
            if (!pods.getAsBoolean()) {
                before.clear();
                continue;
            }
            try {
                Map<String, Map<String, Integer>> now = list();
                Set<String> uids = new HashSet<>(now.keySet());
                uids.addAll(before.keySet());
                for (String uid : uids) {
                    if (!Objects.equals(now.get(uid), before.get(uid))) {
                        changed.accept(uid);
                    }
                }
                before = now;
            } catch (CriException e) {
                LOG.debug("The runtime did not list its containers; again in a second why={}", e.getMessage());
            }
        }
    }

    /** State of each sandbox and container, by pod. */
    private Map<String, Map<String, Integer>> list() throws CriException, InterruptedException {
        Map<String, Map<String, Integer>> out = new HashMap<>();
        for (PodSandbox s : runtime.listPodSandbox(ListPodSandboxRequest.getDefaultInstance()).getItemsList()) {
            out.computeIfAbsent(s.getMetadata().getUid(), u -> new HashMap<>()).put(s.getId(), s.getState().getNumber());
        }
        for (Container c : runtime.listContainers(ListContainersRequest.getDefaultInstance()).getContainersList()) {
            out.computeIfAbsent(c.getLabelsOrDefault(Labels.POD_UID, ""), u -> new HashMap<>()).put(c.getId(), c.getState().getNumber());
        }
        return out;
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
