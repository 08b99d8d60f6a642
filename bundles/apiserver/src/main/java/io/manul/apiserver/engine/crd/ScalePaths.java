package io.manul.apiserver.engine.crd;

import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a custom kind keeps what its scale sub-resource shows (API reference, CustomResourceSubresourceScale).
 *
 * @param specReplicas   segments below the object: {@code spec, replicas}
 * @param statusReplicas likewise
 * @param labelSelector  likewise; empty: the kind has no selector
 */
public record ScalePaths(List<String> specReplicas, List<String> statusReplicas, List<String> labelSelector) {

    public ScalePaths {
        specReplicas = List.copyOf(specReplicas);
        statusReplicas = List.copyOf(statusReplicas);
        labelSelector = List.copyOf(labelSelector);
    }

    /** @param scale {@code subresources.scale} of a version; empty where it has none or it cannot be read */
    static Optional<ScalePaths> of(Optional<Obj> scale) {
        return scale.map(s -> new ScalePaths(segments(s.text("specReplicasPath")), segments(s.text("statusReplicasPath")),
                segments(s.text("labelSelectorPath")))).filter(p -> !p.specReplicas.isEmpty() && !p.statusReplicas.isEmpty());
    }

    /** Of {@code .spec.replicas}; none when it is something else. */
    static List<String> segments(String path) {
        return path.startsWith(".") ? JsonPath.read(path).flatMap(JsonPath::simple).orElse(List.of()) : List.of();
    }

    public OptionalLong replicas(Obj object) {
        return object.number(specReplicas.toArray(String[]::new));
    }

    public void setReplicas(Obj object, long replicas) {
        object.set(replicas, specReplicas.toArray(String[]::new));
    }

    public OptionalLong statusReplicas(Obj object) {
        return object.number(statusReplicas.toArray(String[]::new));
    }

    /** In its text form; empty: none. */
    public String selector(Obj object) {
        return labelSelector.isEmpty() ? "" : object.text(labelSelector.toArray(String[]::new));
    }
}
