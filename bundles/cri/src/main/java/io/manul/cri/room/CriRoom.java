package io.manul.cri.room;

import io.manul.api.settings.Settings;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.ImageArchives;
import io.manul.cri.containerd.Containerd;
import io.manul.cri.containerd.CtrArchives;
import io.manul.cri.containerd.Machine;
import io.manul.cri.containerd.Places;
import io.manul.cri.grpc.GrpcClient;
import io.manul.cri.network.PodNetwork;
import io.manul.cri.pause.PauseImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/**
 * The room "cri". The runtime that it offers works whenever containerd answers, before {@link #begin} and after {@link #end} too:
 * the gate flips before the roles are handed over. Only the care for containerd and the pod network is between the two.
 */
@Component(service = io.manul.api.component.Component.class)
public final class CriRoom implements io.manul.api.component.Component {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Where containerd is ours, it is on its way up: a small, busy device takes its time. */
    private static final Duration OWN_PATIENCE = Duration.ofSeconds(20);
    /** Calls that run at the end of this version get so long. */
    private static final Duration LAST_CALLS = Duration.ofSeconds(4);

    private final Machine machine;
    private final GrpcClient grpc;
    private final RuntimeClient runtime;
    private final ImageArchives archives;
    /** The next two are null with an external runtime. */
    private final Containerd containerd;
    private final PodNetwork network;

    @Activate
    public CriRoom(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        this(settings, new Machine(System.getenv().getOrDefault("PATH", "")));
    }

    public CriRoom(Settings settings, Machine machine) {
        this.machine = machine;
        Places places = Places.of(settings);
        if (settings.containerRuntimeEndpoint().isPresent()) {
            grpc = new GrpcClient(settings.containerRuntimeEndpoint().get(), PATIENCE);
            runtime = new RuntimeClient(grpc);
            archives = new CtrArchives(settings.containerRuntimeEndpoint().get(), machine);
            containerd = null;
            network = null;
            return;
        }
        grpc = new GrpcClient(places.socket(), OWN_PATIENCE);
        archives = new CtrArchives(places.socket(), machine);
        network = new PodNetwork(settings, places, Path.of("/proc/sys"));
        ManagedRuntime managed = new ManagedRuntime(grpc, network);
        PauseImage pause = new PauseImage(archives, managed);
        managed.pause(pause);
        runtime = managed;
        containerd = new Containerd(settings, places, machine, grpc, () -> {
            pause.forget();
            pause.ensure();
        });
    }

    @Override
    public String name() {
        return "cri";
    }

    @Override
    public Map<Class<?>, Object> offers() {
        return Map.of(ContainerRuntime.class, runtime, ImageArchives.class, archives);
    }

    @Override
    public void begin(byte[] state) throws Exception {
        if (containerd != null) {
            machine.load("overlay", Path.of("/sys/module/overlay"));
            machine.load("br_netfilter", Path.of("/proc/sys/net/bridge"));
            network.begin();
            containerd.begin();
        }
    }

    @Override
    public byte[] end() throws Exception {
        if (containerd != null) {
            containerd.end();
        }
        grpc.release(LAST_CALLS);
        return new byte[0];
    }

    @Deactivate
    void deactivate() {
        grpc.close();
    }

    @Override
    public Health health() {
        return new Health(0, 0, 0, containerd == null ? "" : containerd.trouble());
    }
}
