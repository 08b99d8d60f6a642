package io.manul.kubelet;

import io.manul.api.gate.Gates;
import io.manul.api.http.Handler;
import io.manul.api.network.PodNetworkGuard;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Clusters;
import io.manul.cri.ContainerRuntime;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.pod.NetworkGuard;
import io.manul.kubelet.server.KubeletHandler;
import io.manul.kubelet.stats.Stats;
import io.manul.kubelet.volume.LocalVolumes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room "kubelet": pod life cycle on this node, and the endpoint that shows it. Containers outlive it. */
@Component(service = io.manul.api.component.Component.class)
public final class KubeletRoom implements io.manul.api.component.Component {

    private final Settings settings;
    private final Clusters clusters;
    private final ContainerRuntime runtime;
    private final Handler handler;
    private final NetworkGuard guard;
    private volatile Kubelet kubelet;

    @Activate
    public KubeletRoom(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Clusters clusters,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) ContainerRuntime runtime,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Gates gates) throws IOException {
        Places places = Places.of(settings);
        this.settings = settings;
        this.clusters = clusters;
        this.runtime = runtime;
        this.guard = new NetworkGuard(gates.gate(PodNetworkGuard.class, "network-policy"),
                clusters.controller("network-policy-controller", "kubelet"), !settings.other("disable-network-policy").orElse("").equals("true"));
        this.handler = new KubeletHandler(pki, new KubeletHandler.Reviewer(cluster(), settings.nodeName()), runtime, this::pods, new LocalVolumes(places.root()),
                new Stats(runtime, places, settings.nodeName(), InstantSource.system()), InstantSource.system());
    }

    private Cluster cluster() {
        return clusters.as("system:node:" + settings.nodeName(), List.of("system:nodes"), "kubelet");
    }

    private List<Pod> pods() {
        Kubelet now = kubelet;
        return now == null ? List.of() : now.pods().all();
    }

    @Override
    public String name() {
        return "kubelet";
    }

    @Override
    public Map<Class<?>, Object> offers() {
        return Map.of(Handler.class, handler);
    }

    @Override
    public void begin(byte[] state) throws Exception {
        Kubelet next = new Kubelet(settings, cluster(), runtime, guard, InstantSource.system());
        try {
            next.start(state);
        } catch (Exception e) {
            next.close();
            throw e;
        }
        kubelet = next;
    }

    @Override
    public byte[] end() throws Exception {
        Kubelet last = kubelet;
        kubelet = null;
        if (last == null) {
            return new byte[0];
        }
        last.close();
        return last.save();
    }

    @Override
    public Health health() {
        Kubelet now = kubelet;
        return now == null ? Health.IDLE : now.health();
    }
}
