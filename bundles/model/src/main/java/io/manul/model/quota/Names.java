package io.manul.model.quota;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The names below a quota's {@code hard}: which resource's objects each of them is about. */
public final class Names {

    static final String CLASS = ".storageclass.storage.k8s.io/";
    private static final String COUNT = "count/";
    private static final String REQUESTS = "requests.";

    private static final Set<String> OF_PODS = Set.of("pods", "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory",
            "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage");
    private static final Set<String> OF_SERVICES = Set.of("services", "services.nodeports", "services.loadbalancers");
    private static final List<String> OF_CLAIMS = List.of("persistentvolumeclaims", "requests.storage");
    private static final Set<String> COUNTED = Set.of("configmaps", "secrets", "replicationcontrollers", "resourcequotas");

    private Names() {
    }

    /** {@code count/deployments.apps}. */
    public static String count(String groupResource) {
        return COUNT + groupResource;
    }

    /** The resource ({@code pods}, {@code deployments.apps}) that a name is about; empty for what nobody counts. */
    public static Optional<String> resource(String name) {
        if (name.startsWith(COUNT)) {
            return Optional.of(name.substring(COUNT.length()));
        }
        if (OF_CLAIMS.stream().anyMatch(c -> name.equals(c) || name.endsWith(CLASS + c))) {
            return Optional.of("persistentvolumeclaims");
        }
        if (OF_SERVICES.contains(name)) {
            return Optional.of("services");
        }
        if (COUNTED.contains(name)) {
            return Optional.of(name);
        }
        boolean extended = name.startsWith(REQUESTS) && name.contains("/") && !name.contains("kubernetes.io/");
        boolean huge = name.startsWith("hugepages-") || name.startsWith("requests.hugepages-");
        return OF_PODS.contains(name) || extended || huge ? Optional.of("pods") : Optional.empty();
    }

    /** Those of the names that objects of the resource take from. */
    public static Set<String> about(String groupResource, Collection<String> names) {
        Set<String> all = new TreeSet<>();
        names.stream().filter(n -> resource(n).filter(groupResource::equals).isPresent()).forEach(all::add);
        return all;
    }
}
