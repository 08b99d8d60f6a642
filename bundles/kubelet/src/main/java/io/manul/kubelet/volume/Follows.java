package io.manul.kubelet.volume;

import io.manul.client.Cluster;
import io.manul.client.Informer;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the ConfigMaps and Secrets in the volumes of pods, each by its name (a node may watch no others), one watch for all
 * pods that use it (Kubernetes, kubelet's configMapAndSecretChangeDetectionStrategy Watch). Safe from any thread.
 */
final class Follows implements AutoCloseable {

    private record Of(Resource resource, String namespace, String name) {
    }

    private record Watch(Informer informer, Map<String, Runnable> pods) {
    }

    private final Cluster cluster;
    private final Map<Of, Watch> watches = new HashMap<>();
    private boolean closed;

    Follows(Cluster cluster) {
        this.cluster = cluster;
    }

    /** From now on {@code changed} is told of changes, first of all that an object is there; told again, it changes nothing. */
    void follow(Pod pod, Runnable changed) {
        synchronized (watches) {
            if (closed) {
                return;
            }
            for (Of of : of(pod)) {
                watches.computeIfAbsent(of, this::watch).pods.put(pod.uid(), changed);
            }
        }
    }

    private Watch watch(Of of) {
        Map<String, Runnable> pods = new ConcurrentHashMap<>();
        return new Watch(cluster.informer(of.resource, Selection.in(of.namespace).fields("metadata.name=" + of.name))
                .listen(c -> pods.values().forEach(Runnable::run)).start(), pods);
    }

    private static Set<Of> of(Pod pod) {
        Set<Of> out = new HashSet<>();
        for (Obj volume : pod.spec().objects("volumes")) {
            List<Obj> sources = new ArrayList<>(volume.objects("projected", "sources"));
            sources.add(volume);
            for (Obj s : sources) {
                s.string("configMap", "name").ifPresent(n -> out.add(new Of(Resources.CONFIG_MAPS, pod.namespace(), n)));
                s.string("secret", "secretName").or(() -> s.string("secret", "name"))
                        .ifPresent(n -> out.add(new Of(Resources.SECRETS, pod.namespace(), n)));
            }
        }
        return out;
    }

    /** Ends what only this pod has used. */
    void unfollow(String uid) {
        List<Watch> over = new ArrayList<>();
        synchronized (watches) {
            watches.values().removeIf(w -> {
                boolean last = w.pods.remove(uid) != null && w.pods.isEmpty();
                if (last) {
                    over.add(w);
                }
                return last;
            });
        }
        over.forEach(w -> w.informer.close());
    }

    @Override
    public void close() {
        List<Watch> all;
        synchronized (watches) {
            closed = true;
            all = List.copyOf(watches.values());
            watches.clear();
        }
        all.forEach(w -> w.informer.close());
    }
}
