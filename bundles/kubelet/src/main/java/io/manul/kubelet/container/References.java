package io.manul.kubelet.container;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** ConfigMaps and Secrets that pods refer to, read from the API when they are needed. Safe from any thread. */
public final class References {

    private final Cluster cluster;

    public References(Cluster cluster) {
        this.cluster = cluster;
    }

    /** @throws ConfigException when the API does not answer, or refuses */
    public Optional<Obj> configMap(String namespace, String name) throws ConfigException, InterruptedException {
        return get(Resources.CONFIG_MAPS, namespace, name);
    }

    public Optional<Obj> secret(String namespace, String name) throws ConfigException, InterruptedException {
        return get(Resources.SECRETS, namespace, name);
    }

    private Optional<Obj> get(Resource resource, String namespace, String name) throws ConfigException, InterruptedException {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            return cluster.get(resource, namespace, name);
        } catch (ClusterException e) {
            throw new ConfigException("couldn't get " + resource.plural().replaceAll("s$", "") + " " + namespace + "/" + name + ": "
                    + e.getMessage());
        }
    }

    /** Keys and contents, {@code data} and {@code binaryData} alike. */
    public static Map<String, byte[]> ofConfigMap(Obj configMap) {
        Map<String, byte[]> out = new LinkedHashMap<>();
        configMap.stringMap("data").forEach((k, v) -> out.put(k, v.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        configMap.stringMap("binaryData").forEach((k, v) -> out.put(k, Base64.getDecoder().decode(v)));
        return out;
    }

    public static Map<String, byte[]> ofSecret(Obj secret) {
        Map<String, byte[]> out = new LinkedHashMap<>();
        secret.stringMap("data").forEach((k, v) -> out.put(k, Base64.getDecoder().decode(v)));
        return out;
    }
}
