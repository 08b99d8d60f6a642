package io.manul.kubelet.pod;

import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Observed;
import io.manul.kubelet.status.Facts;
import io.manul.kubelet.status.PodStatuses;

/** Writes the status of one pod when it differs from what the API has. The pod's worker only. */
final class StatusWriter {

    private final Parts parts;
    /** The pod as the API answered the last write, which the informer may not have yet. */
    private Pod written;

    StatusWriter(Parts parts) {
        this.parts = parts;
    }

    /** The pod with the newest status known. */
    Pod newest(Pod pod) {
        if (written == null || !written.uid().equals(pod.uid()) || version(written) <= version(pod)) {
            return pod;
        }
        return new Pod(Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", pod.object().at("metadata"), "spec", pod.spec(),
                "status", written.status()));
    }

    private static long version(Pod pod) {
        String text = pod.object().resourceVersion();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    void write(Pod pod, Observed seen, Facts facts) throws ClusterException, InterruptedException {
        Pod base = newest(pod);
        Obj change = PodStatuses.difference(base.status(), PodStatuses.of(base, seen, facts));
        if (change.isEmpty()) {
            return;
        }
        try {
            written = new Pod(parts.cluster().patch(Resources.PODS, pod.namespace(), pod.name(), "status", Patch.STRATEGIC,
                    Obj.of("metadata", Obj.of("uid", pod.uid()), "status", PodStatuses.strategic(base.status(), change))));
        } catch (ClusterException e) {
            // 404: gone, which the informer tells; 409: another pod has taken the name
            if (!e.notFound() && e.code() != 409) {
                throw e;
            }
        }
    }
}
