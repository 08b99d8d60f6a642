package io.manul.kubelet;

import io.manul.api.component.Component.Health;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.cri.ContainerRuntime;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import io.manul.kubelet.cgroup.Cgroups;
import io.manul.kubelet.container.ContainerConfigs;
import io.manul.kubelet.container.Dns;
import io.manul.kubelet.container.Environment;
import io.manul.kubelet.container.HostResolver;
import io.manul.kubelet.container.References;
import io.manul.kubelet.container.SandboxConfigs;
import io.manul.kubelet.container.Security;
import io.manul.kubelet.image.Credentials;
import io.manul.kubelet.image.Images;
import io.manul.kubelet.log.LogRotation;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.node.Machine;
import io.manul.kubelet.node.NodeLease;
import io.manul.kubelet.node.NodeLoop;
import io.manul.kubelet.pod.Admission;
import io.manul.kubelet.pod.Backoff;
import io.manul.kubelet.pod.NetworkGuard;
import io.manul.kubelet.pod.Parts;
import io.manul.kubelet.pod.Pods;
import io.manul.kubelet.probe.Prober;
import io.manul.kubelet.runtime.Pleg;
import io.manul.kubelet.volume.ContainerMounts;
import io.manul.kubelet.volume.Kernel;
import io.manul.kubelet.volume.Mounts;
import io.manul.kubelet.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** The kubelet's parts, put together and running; closed once. */
final class Kubelet implements AutoCloseable {

    private final Places places;
    private final Mounts mounts;
    private final Events events;
    private final Informer services;
    private final Images images;
    private final Volumes volumes;
    private final Backoff backoff;
    private final NodeLoop node;
    private final NodeLease lease;
    private final Pods pods;
    private final Pleg pleg;
    private final LogRotation rotation;
    private final boolean ownLease;

    Kubelet(Settings settings, Cluster cluster, ContainerRuntime runtime, NetworkGuard guard, InstantSource clock) throws IOException {
        places = Places.of(settings);
        Files.createDirectories(places.pods());
        Machine machine = new Machine(Path.of("/"), places.root());
        mounts = new Mounts(new Kernel());
        events = cluster.events("kubelet");
        services = cluster.informer(Resources.SERVICES, Selection.ALL);
        backoff = new Backoff(clock);
        node = new NodeLoop(settings, cluster, runtime, machine, events, clock);
        lease = new NodeLease(cluster, settings.nodeName(), clock);
        ownLease = !settings.other("heartbeat").orElse("").equals("mqtt");

        References references = new References(cluster);
        images = new Images(runtime, new Credentials(references), events, clock);
        Cgroups cgroups = new Cgroups(Path.of("/sys/fs/cgroup"));
        Security security = new Security(places.seccomp());
        volumes = new Volumes(places, mounts, references, cluster, settings.nodeName(), clock);
        Parts parts = new Parts(settings, places, cluster, runtime, events, images, volumes,
                new ContainerMounts(places, volumes, settings.clusterDomain()), cgroups,
                new SandboxConfigs(places, new Dns(settings.clusterDns(), settings.clusterDomain()), security,
                        new HostResolver(Path.of("/"), settings.other("resolv-conf").orElse(""))),
                new ContainerConfigs(security, cgroups.unified(), machine.memoryCapacity()), new Environment(references),
                new Prober(runtime), backoff, services, node::node, new Admission(), this::allPods, guard, clock);
        pods = new Pods(parts, cluster.informer(Resources.PODS, Selection.ALL.fields("spec.nodeName=" + settings.nodeName())));
        rotation = new LogRotation(runtime, places.logs(), clock);
        pleg = new Pleg(runtime, pods::poke, pods::pokeAll, pods::any);
    }

    /** @param state what {@link #save} gave */
    void start(byte[] state) throws IOException {
        mounts.share(places.root());
        load(state);
        node.start(state.length > 0);
        if (ownLease) {
            lease.start();
        }
        services.start();
        pods.start();
        pleg.start();
        rotation.start();
    }

    private void load(byte[] state) {
        if (state.length == 0) {
            return;
        }
        try {
            Obj saved = Obj.parse(state);
            if (saved.number("version").orElse(0) == 1) {
                backoff.load(saved.at("backoff"));
            }
        } catch (JsonException e) {
            // another version's form: only an optimisation is lost
            org.slf4j.LoggerFactory.getLogger(Kubelet.class).info("State of the version before is not readable; begun without it");
        }
    }

    byte[] save() {
        return Obj.of("version", 1, "backoff", backoff.save()).bytes();
    }

    private List<Pod> allPods() {
        return pods.all(); // asked by workers, which pods has
    }

    Pods pods() {
        return pods;
    }

    Health health() {
        return pods.health();
    }

    /** Ends the loops and joins them; containers go on. */
    @Override
    public void close() {
        rotation.close();
        pleg.close();
        pods.close();
        volumes.close();
        images.close();
        lease.close();
        node.close();
        services.close();
        events.close();
    }
}
