package io.manul.controllers.network;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whose slices they are and what they look like besides ports and endpoints. Pure.
 *
 * @param labels      that all of its slices have
 * @param annotations that all of its slices have
 * @param type        IPv4 or IPv6
 * @param placeholder an empty slice stands in when there are no endpoints
 * @param since       by pod uid, when it became ready or stopped being so
 */
record SliceOwner(Obj object, Obj reference, Obj labels, Obj annotations, String type, boolean placeholder, Map<String, String> since) {

    /** The change that a slice's last write answers: proxies measure how long it took to reach them (KEP-752, SLI network programming latency). */
    static final String TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time";

    static SliceOwner service(Obj service, String type, Map<String, String> since) {
        return new SliceOwner(service, Slices.owner(service), Slices.labels(service), Obj.of(), type, true, since);
    }

    /** Those of an owner that had the name before go with it. */
    List<Obj> mine(List<Obj> slices) {
        return slices.stream().filter(s -> !s.deleting() && s.text("addressType").equals(type)
                && s.objects("metadata", "ownerReferences").stream().anyMatch(o -> o.text("uid").equals(object.uid()))).toList();
    }

    Obj slice(List<Obj> ports, List<Obj> endpoints) {
        Obj slice = Obj.of("apiVersion", "discovery.k8s.io/v1", "kind", "EndpointSlice",
                "metadata", Obj.of("generateName", object.name() + "-", "namespace", object.namespace(), "labels", labels,
                        "annotations", annotations.isEmpty() ? null : annotations.copy(), "ownerReferences", List.of(reference)),
                "addressType", type, "endpoints", endpoints, "ports", ports);
        annotate(slice, List.of());
        if (endpoints.isEmpty()) {
            trigger(slice, object.text("metadata", "creationTimestamp"));
        }
        return slice;
    }

    /** The earliest of the changes that it shows; none when endpoints only left. */
    void annotate(Obj slice, List<Obj> before) {
        annotations.map().forEach((k, v) -> slice.set(v, "metadata", "annotations", k));
        trigger(slice, slice.objects("endpoints").stream().filter(e -> !before.contains(e)).map(e -> since.get(e.text("targetRef", "uid")))
                .filter(Objects::nonNull).filter(t -> !t.isEmpty()).min(String::compareTo).orElse(""));
    }

    static void trigger(Obj object, String time) {
        if (!time.isEmpty()) {
            object.set(time, "metadata", "annotations", TRIGGER);
        } else if (!object.annotations().isEmpty()) {
            object.remove("metadata", "annotations", TRIGGER);
        }
    }
}
