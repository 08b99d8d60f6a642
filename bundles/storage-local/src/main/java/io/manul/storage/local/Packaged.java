package io.manul.storage.local;

import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Outcome;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.nio.file.Path;
import java.util.List;

/**
 * The StorageClass and the ConfigMap that k3s packages (K3S.md 1.12, local-storage), made where they are missing; what the user
 * changed stays. {@code --disable local-storage} takes them away.
 */
final class Packaged {

    static final String NAMESPACE = "kube-system";
    static final String CONFIG = "local-path-config";
    static final String CLASS = "local-path";
    private static final String DISABLE = "local-storage";

    private final Cluster admin;
    private final boolean wanted;
    private final String path;

    Packaged(Cluster admin, Settings settings) {
        this.admin = admin;
        this.wanted = !settings.disable().contains(DISABLE);
        this.path = settings.other("default-local-storage-path").filter(p -> !p.isEmpty())
                .orElseGet(() -> settings.dataDir().toAbsolutePath().normalize().resolve("storage").toString());
    }

    Outcome ensure() throws ClusterException, InterruptedException {
        if (!Path.of(path).isAbsolute()) {
            throw new IllegalStateException("--default-local-storage-path must be an absolute path, is " + path);
        }
        if (wanted) {
            create(Resources.CONFIG_MAPS, config());
            create(Resources.STORAGE_CLASSES, storageClass());
        } else {
            admin.delete(Resources.STORAGE_CLASSES, "", CLASS);
            admin.delete(Resources.CONFIG_MAPS, NAMESPACE, CONFIG);
        }
        return Outcome.SETTLED;
    }

    private void create(Resource resource, Obj object) throws ClusterException, InterruptedException {
        if (admin.get(resource, object.namespace(), object.name()).isPresent()) {
            return;
        }
        try {
            admin.create(resource, object.namespace(), object);
        } catch (ClusterException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    private Obj config() {
        String json = Obj.of("nodePathMap", List.of(Obj.of("node", Configuration.OTHERS, "paths", List.of(path)))).toString();
        return Obj.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Obj.of("name", CONFIG, "namespace", NAMESPACE),
                "data", Obj.of("config.json", json));
    }

    private static Obj storageClass() {
        return Obj.of("apiVersion", "storage.k8s.io/v1", "kind", "StorageClass", "metadata", Obj.of("name", CLASS, "annotations",
                Obj.of("defaultVolumeType", "local", "storageclass.kubernetes.io/is-default-class", "true")),
                "provisioner", StorageLocal.PROVISIONER, "volumeBindingMode", "WaitForFirstConsumer", "reclaimPolicy", "Delete");
    }
}
