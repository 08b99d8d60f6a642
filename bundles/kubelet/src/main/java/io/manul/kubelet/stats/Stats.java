package io.manul.kubelet.stats;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.json.Obj;
import io.manul.kubelet.Places;
import io.manul.kubelet.cgroup.Cgroups;
import io.manul.kubelet.node.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** What the kubelet's endpoints tell of use. Nothing is measured while nobody asks. Safe from any thread. */
public final class Stats {

    private final Reader reader;
    private final Rates last = new Rates();
    private final Places places;
    private final String node;
    private final Machine machine;

    public Stats(ContainerRuntime runtime, Places places, String node, InstantSource clock) {
        this.reader = new Reader(runtime, new Cgroups(Path.of("/sys/fs/cgroup")), places, Path.of("/proc"), clock);
        this.places = places;
        this.node = node;
        this.machine = new Machine(Path.of("/"), places.root());
    }

    /**
     * Takes half a second when nobody asked for two minutes: a rate needs two readings.
     *
     * @param little cpu and memory only
     * @param rates  false: totals are enough, at once
     */
    public Obj summary(boolean little, boolean rates) throws CriException, InterruptedException, IOException {
        Reading reading = reader.read();
        if (!last.take(reading) && rates) {
            Thread.sleep(Rates.LEAST.plusMillis(10));
            reading = reader.read();
            last.take(reading);
        }
        return new Summary(reading, last, node, places.root(), machine.memoryCapacity(), little).object(machine.booted());
    }

    public String resource() throws CriException, InterruptedException {
        return ResourceMetrics.of(reader.read());
    }

    public String cadvisor() throws CriException, InterruptedException {
        return CadvisorMetrics.of(reader.read(), machine.cpus(), machine.memoryCapacity());
    }
}
