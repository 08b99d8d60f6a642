package io.manul.apiserver.engine.request;

import io.manul.apiserver.openapi.DynamicTypes;
import io.manul.schema.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Groups that a room of this server answers, as an APIService would have it (Kubernetes, "Kubernetes API Aggregation Layer"): shown in
 * discovery and OpenAPI, authorized here, then handed over whole. Today metrics.k8s.io.
 */
public final class RoomApis implements DynamicTypes {

    private static final String METRICS = "metrics.k8s.io";
    private static final List<String> READ = List.of("get", "list");
    private static final Map<String, Object> TEXT = Map.of("type", "string");

    private final DynamicTypes others;
    private final boolean metrics;

    /** @param disabled names of packaged components that are not wanted */
    public RoomApis(DynamicTypes others, List<String> disabled) {
        this.others = others;
        this.metrics = !disabled.contains("metrics-server") && !disabled.contains("metrics");
    }

    /** The room that answers the group. */
    Optional<String> room(String group) {
        return metrics && group.equals(METRICS) ? Optional.of("metrics") : Optional.empty();
    }

    @Override
    public List<CustomKind> kinds() {
        List<CustomKind> all = new ArrayList<>(others.kinds());
        if (metrics) {
            Map<String, Object> usage = Map.of("type", "object", "additionalProperties", TEXT);
            all.add(kind("nodes", "NodeMetrics", false, Map.of("usage", usage)));
            all.add(kind("pods", "PodMetrics", true, Map.of("containers", Map.of("type", "array", "items", Map.of("type", "object", "properties",
                    Map.of("name", TEXT, "usage", usage))))));
        }
        return all;
    }

    private static CustomKind kind(String plural, String kind, boolean namespaced, Map<String, Object> own) {
        Map<String, Object> properties = new LinkedHashMap<>(own);
        properties.put("apiVersion", TEXT);
        properties.put("kind", TEXT);
        properties.put("metadata", Map.of("type", "object"));
        properties.put("timestamp", Map.of("type", "string", "format", "date-time"));
        properties.put("window", TEXT);
        return new CustomKind(new Resource(METRICS, "v1beta1", plural, "", kind, kind + "List", namespaced, READ, List.of(), List.of(), List.of(), "", ""),
                Map.of("type", "object", "properties", properties));
    }

    @Override
    public String revision() {
        return (metrics ? "metrics " : "") + others.revision();
    }
}
