package io.manul.apiserver.auth.rbac;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What a pod refers to in its namespace: Secrets, ConfigMaps, claims, its service account. */
public final class References {

    private References() {
    }

    /** @param found resource and name; empty names are not told */
    public static void of(Obj pod, BiConsumer<String, String> found) {
        BiConsumer<String, String> each = (resource, name) -> {
            if (!name.isEmpty()) {
                found.accept(resource, name);
            }
        };
        Obj spec = pod.at("spec");
        each.accept("serviceaccounts", spec.text("serviceAccountName"));
        spec.objects("imagePullSecrets").forEach(s -> each.accept("secrets", s.text("name")));
        List<Obj> containers = new ArrayList<>(spec.objects("containers"));
        containers.addAll(spec.objects("initContainers"));
        containers.addAll(spec.objects("ephemeralContainers"));
        for (Obj c : containers) {
            for (Obj e : c.objects("env")) {
                each.accept("secrets", e.text("valueFrom", "secretKeyRef", "name"));
                each.accept("configmaps", e.text("valueFrom", "configMapKeyRef", "name"));
            }
            for (Obj e : c.objects("envFrom")) {
                each.accept("secrets", e.text("secretRef", "name"));
                each.accept("configmaps", e.text("configMapRef", "name"));
            }
        }
        for (Obj v : spec.objects("volumes")) {
            each.accept("secrets", v.text("secret", "secretName"));
            each.accept("configmaps", v.text("configMap", "name"));
            each.accept("persistentvolumeclaims", v.text("persistentVolumeClaim", "claimName"));
            if (v.has("ephemeral")) {
                each.accept("persistentvolumeclaims", pod.name() + "-" + v.text("name"));
            }
            for (Obj p : v.objects("projected", "sources")) {
                each.accept("secrets", p.text("secret", "name"));
                each.accept("configmaps", p.text("configMap", "name"));
            }
        }
    }
}
