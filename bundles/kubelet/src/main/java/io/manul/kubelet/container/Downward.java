package io.manul.kubelet.container;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a pod may know of itself (Kubernetes, "Downward API"). @param ips of the pod @param hostIps of the node
 *  @param allocatable of the node, where a container has no limit of its own */
public record Downward(Pod pod, String nodeName, List<String> ips, List<String> hostIps, Map<String, String> allocatable) {

    /** @throws ConfigException when the path is none that the Downward API has */
    public String field(String path) throws ConfigException {
        String subscript = subscript(path);
        if (subscript != null) {
            return path.startsWith("metadata.labels[") ? pod.object().labels().getOrDefault(subscript, "")
                    : pod.object().annotations().getOrDefault(subscript, "");
        }
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid();
            case "metadata.labels" -> lines(pod.object().labels());
            case "metadata.annotations" -> lines(pod.object().annotations());
            case "spec.nodeName" -> nodeName;
            case "spec.serviceAccountName" -> pod.spec().text("serviceAccountName");
            case "status.podIP" -> ips.isEmpty() ? "" : ips.getFirst();
            case "status.podIPs" -> String.join(",", ips);
            case "status.hostIP" -> hostIps.isEmpty() ? "" : hostIps.getFirst();
            case "status.hostIPs" -> String.join(",", hostIps);
            default -> throw new ConfigException("unsupported fieldPath: " + path);
        };
    }

    private static String subscript(String path) {
        for (String map : List.of("metadata.labels['", "metadata.annotations['")) {
            if (path.startsWith(map) && path.endsWith("']")) {
                return path.substring(map.length(), path.length() - 2);
            }
        }
        return null;
    }

    private static String lines(Map<String, String> map) {
        return new TreeMap<>(map).entrySet().stream().map(e -> e.getKey() + "=" + quoted(e.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t") + '"';
    }

    /** A {@code resourceFieldRef}. @param defaultContainer where the reference names none */
    public String resource(Obj reference, String defaultContainer) throws ConfigException {
        String name = reference.string("containerName").orElse(defaultContainer);
        Obj container = pod.container(name).orElseThrow(() -> new ConfigException("container " + name + " not found"));
        String[] path = reference.text("resource").split("\\.", 2);
        if (path.length != 2 || !path[0].equals("limits") && !path[0].equals("requests")) {
            throw new ConfigException("unsupported container resource: " + reference.text("resource"));
        }
        Object value = container.get("resources", path[0], path[1]);
        if (value == null && path[0].equals("limits")) {
            value = allocatable.get(path[1]);
        }
        BigDecimal amount = value == null ? BigDecimal.ZERO : Quantity.parse(String.valueOf(value)).orElse(BigDecimal.ZERO);
        BigDecimal divisor = Quantity.parse(reference.string("divisor").orElse("1")).filter(d -> d.signum() > 0)
                .orElse(BigDecimal.ONE);
        return amount.divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }
}
