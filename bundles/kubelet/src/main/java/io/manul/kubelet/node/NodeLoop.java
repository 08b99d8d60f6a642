package io.manul.kubelet.node;

import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Key;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.Image;
import io.manul.cri.v1.ListImagesRequest;
import io.manul.cri.v1.NetworkConfig;
import io.manul.cri.v1.RuntimeCondition;
import io.manul.cri.v1.RuntimeConfig;
import io.manul.cri.v1.StatusRequest;
import io.manul.cri.v1.UpdateRuntimeConfigRequest;
import io.manul.cri.v1.VersionRequest;
import io.manul.cri.v1.VersionResponse;
import io.manul.json.Obj;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's Node true: registers it, tells the runtime its pod CIDR, writes its status when it changed and every 5
 * minutes (Kubernetes, "Node Status"). One virtual thread, woken by changes of the Node and every 10 s.
 */
public final class NodeLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLoop.class);
    private static final Duration LOOK = Duration.ofSeconds(10);
    /** While the runtime or its network is on its way up. */
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration REPORT = Duration.ofMinutes(5);
    private static final int MOST_IMAGES = 50;

    private final Settings settings;
    private final Cluster cluster;
    private final ContainerRuntime runtime;
    private final Machine machine;
    private final NodeObject wanted;
    private final Events events;
    private final InstantSource clock;
    private final Informer nodes;
    private volatile boolean closed;
    private volatile Thread thread;
    private String toldCidr = "";
    private String runtimeVersion = "containerd://Unknown";
    private List<Obj> images = List.of();
    private Instant reported = Instant.EPOCH;
    private boolean labelled;
    /** A kubelet that takes over from another version has not started anew. */
    private boolean announced;

    public NodeLoop(Settings settings, Cluster cluster, ContainerRuntime runtime, Machine machine, Events events, InstantSource clock) {
        this.settings = settings;
        this.cluster = cluster;
        this.runtime = runtime;
        this.machine = machine;
        this.wanted = new NodeObject(settings, machine);
        this.events = events;
        this.clock = clock;
        this.nodes = cluster.informer(Resources.NODES, Selection.ALL.fields("metadata.name=" + settings.nodeName()))
                .listen(c -> LockSupport.unpark(thread));
    }

    /** @param takesOver from another version of this kubelet */
    public void start(boolean takesOver) {
        announced = takesOver;
        nodes.start();
        thread = Thread.ofVirtual().name("kubelet-node").start(this::run);
    }

    /** The Node as last seen. */
    public java.util.Optional<Obj> node() {
        return nodes.get(new Key("", settings.nodeName()));
    }

    private void run() {
        boolean well = true;
        try {
            while (!nodes.awaitSynced(Duration.ofMinutes(1))) {
                LOG.warn("Waiting for the API to list this node node={}", settings.nodeName());
            }
            while (!closed) {
                Duration wait;
                try {
                    wait = step() ? LOOK : SOON;
                    well = true;
                } catch (ClusterException | IOException e) {
                    if (well) {
                        LOG.warn("Node status not written; tried again node={} why={}", settings.nodeName(), e.getMessage());
                    }
                    well = false;
                    wait = RETRY;
                }
                LockSupport.parkNanos(wait.toNanos());
                if (Thread.interrupted()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return true when the node is ready: nothing is waited for */
    private boolean step() throws ClusterException, IOException, InterruptedException {
        Obj node = node().orElse(null);
        if (node == null) {
            node = register();
        }
        if (!announced) {
            events.normal(reference(), "Starting", "Starting kubelet.");
            announced = true;
        }
        if (!labelled) {
            label(node);
            labelled = true;
        }
        tellCidr(node);
        return report(node);
    }

    /** With its conditions, so that nobody takes a Node without them for one whose kubelet is silent. */
    private Obj register() throws ClusterException, IOException, InterruptedException {
        Obj status = wanted.status(runtimeVersion).put("conditions", NodeConditions.timed(NodeConditions.of(machine.memory(), machine.disk(),
                machine.processes(), runtimeTrouble(false)), List.of(), clock.instant()));
        try {
            Obj node = cluster.create(Resources.NODES, "", wanted.fresh().put("status", status));
            LOG.info("Node registered node={}", settings.nodeName());
            reported = Instant.EPOCH;
            return node;
        } catch (ClusterException e) {
            if (e.alreadyExists()) {
                return cluster.get(Resources.NODES, "", settings.nodeName()).orElseThrow(() -> e);
            }
            throw e;
        }
    }

    /** As upstream's events about a node: its name stands for the uid. */
    private Obj reference() {
        return Obj.of("apiVersion", "v1", "kind", "Node", "metadata", Obj.of("name", settings.nodeName(), "uid", settings.nodeName()));
    }

    private void label(Obj node) throws ClusterException, InterruptedException {
        Obj missing = Obj.of();
        wanted.labels().forEach((k, v) -> {
            if (!v.equals(node.labels().get(k))) {
                missing.put(k, v);
            }
        });
        if (!missing.isEmpty()) {
            cluster.patch(Resources.NODES, "", settings.nodeName(), "", Patch.MERGE, Obj.of("metadata", Obj.of("labels", missing)));
        }
    }

    private void tellCidr(Obj node) throws InterruptedException {
        List<String> cidrs = node.strings("spec", "podCIDRs");
        String cidr = cidrs.isEmpty() ? node.text("spec", "podCIDR") : String.join(",", cidrs);
        if (cidr.isEmpty() || cidr.equals(toldCidr)) {
            return;
        }
        try {
            runtime.updateRuntimeConfig(UpdateRuntimeConfigRequest.newBuilder().setRuntimeConfig(RuntimeConfig.newBuilder()
                    .setNetworkConfig(NetworkConfig.newBuilder().setPodCidr(cidr))).build());
            toldCidr = cidr;
            LOG.info("Pod CIDR told to the runtime node={} podCIDR={}", settings.nodeName(), cidr);
        } catch (CriException e) {
            LOG.warn("The runtime did not take the pod CIDR; tried again podCIDR={} why={}", cidr, e.getMessage());
        }
    }

    /** @return true when the node is ready */
    private boolean report(Obj node) throws ClusterException, IOException, InterruptedException {
        Instant now = clock.instant();
        boolean due = !now.isBefore(reported.plus(REPORT));
        String trouble = runtimeTrouble(due);
        Obj status = wanted.status(runtimeVersion);
        if (due && trouble.isEmpty()) {
            images = images();
        }
        status.put("images", images);
        List<Obj> conditions = NodeConditions.of(machine.memory(), machine.disk(), machine.processes(), trouble);
        List<Obj> before = node.objects("status", "conditions");
        boolean same = conditions.stream().allMatch(c -> before.stream().anyMatch(b -> sameCondition(b, c)))
                && status.map().entrySet().stream().allMatch(e -> e.getKey().equals("images") || says(node.get("status", e.getKey()), e.getValue()));
        if (same && !due) {
            return trouble.isEmpty();
        }
        status.put("conditions", NodeConditions.timed(conditions, before, now));
        cluster.patch(Resources.NODES, "", settings.nodeName(), "status", Patch.MERGE, Obj.of("status", status));
        reported = now;
        transitions(conditions, before);
        return trouble.isEmpty();
    }

    /** The API's value holds ours, whatever the order of its keys and what it adds. */
    static boolean says(Object api, Object ours) {
        return switch (ours) {
            case java.util.Map<?, ?> m -> api instanceof java.util.Map<?, ?> a && m.entrySet().stream().allMatch(e -> says(a.get(e.getKey()), e.getValue()));
            case Obj o -> says(api, o.map());
            case List<?> l -> api instanceof List<?> a && a.size() == l.size()
                    && java.util.stream.IntStream.range(0, l.size()).allMatch(i -> says(a.get(i), l.get(i)));
            case String s when s.isEmpty() -> api == null || api.equals(""); // the API leaves empty text out
            case Number n -> api instanceof Number a && a.longValue() == n.longValue();
            case null -> api == null;
            default -> ours.equals(api);
        };
    }

    private static boolean sameCondition(Obj a, Obj b) {
        return a.text("type").equals(b.text("type")) && a.text("status").equals(b.text("status"))
                && a.text("reason").equals(b.text("reason")) && a.text("message").equals(b.text("message"));
    }

    private void transitions(List<Obj> conditions, List<Obj> before) {
        for (Obj c : conditions) {
            boolean changed = before.stream().noneMatch(b -> b.text("type").equals(c.text("type")) && b.text("status").equals(c.text("status")));
            if (changed) {
                String reason = !c.text("type").equals("Ready") ? "Node" + c.text("reason").substring("Kubelet".length())
                        : c.text("status").equals("True") ? "NodeReady" : "NodeNotReady";
                events.normal(reference(), reason, "Node " + settings.nodeName() + " status is now: " + reason);
            }
        }
    }

    /** Why pods cannot run; empty when they can. */
    private String runtimeTrouble(boolean again) throws InterruptedException {
        try {
            if (again || runtimeVersion.endsWith("Unknown")) {
                VersionResponse v = runtime.version(VersionRequest.getDefaultInstance());
                runtimeVersion = v.getRuntimeName() + "://" + v.getRuntimeVersion().replaceFirst("^v", "");
            }
            List<String> troubles = new ArrayList<>();
            for (RuntimeCondition c : runtime.status(StatusRequest.getDefaultInstance()).getStatus().getConditionsList()) {
                if (!c.getStatus() && (c.getType().equals("RuntimeReady") || c.getType().equals("NetworkReady"))) {
                    troubles.add("container runtime " + (c.getType().equals("NetworkReady") ? "network " : "") + "not ready: "
                            + c.getType() + "=false reason:" + c.getReason() + " message:" + c.getMessage());
                }
            }
            return String.join(", ", troubles);
        } catch (CriException e) {
            return "container runtime is down: " + e.getMessage();
        }
    }

    private List<Obj> images() throws InterruptedException {
        try {
            return runtime.listImages(ListImagesRequest.getDefaultInstance()).getImagesList().stream()
                    .sorted(Comparator.comparingLong(Image::getSize).reversed()).limit(MOST_IMAGES).map(NodeLoop::image).toList();
        } catch (CriException e) {
            return images; // as last seen; the runtime's state is a condition of its own
        }
    }

    private static Obj image(Image image) {
        Set<String> names = new LinkedHashSet<>(image.getRepoDigestsList());
        names.addAll(image.getRepoTagsList());
        return Obj.of("names", List.copyOf(names), "sizeBytes", image.getSize());
    }

    @Override
    public void close() {
        closed = true;
        Thread t = thread;
        if (t != null) {
            t.interrupt();
            try {
                t.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        nodes.close();
    }
}
