package io.manul.kubelet.pod;

import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.Events;
import io.manul.client.Informer;
import io.manul.cri.ContainerRuntime;
import io.manul.json.Obj;
import io.manul.kubelet.Places;
import io.manul.kubelet.cgroup.Cgroups;
import io.manul.kubelet.container.ContainerConfigs;
import io.manul.kubelet.container.Environment;
import io.manul.kubelet.container.SandboxConfigs;
import io.manul.kubelet.image.Images;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.probe.Prober;
import io.manul.kubelet.volume.ContainerMounts;
import io.manul.kubelet.volume.Volumes;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What every pod's worker works with; one for all of them. @param node this Node as last seen @param all pods of this node */
public record Parts(Settings settings, Places places, Cluster cluster, ContainerRuntime runtime, Events events, Images images,
        Volumes volumes, ContainerMounts mounts, Cgroups cgroups, SandboxConfigs sandboxes, ContainerConfigs containers,
        Environment environment, Prober prober, Backoff backoff, Informer services, Supplier<Optional<Obj>> node, Admission admission,
        Supplier<List<Pod>> all, NetworkGuard guard, InstantSource clock) {
}
