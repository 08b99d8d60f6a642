package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.Comparator;
import java.util.List;

/** A claim that says nothing of a class gets the default one; of several the newest (Kubernetes, "Admission Controllers"). */
public final class DefaultStorageClass implements Admission {

    private static final List<String> DEFAULT = List.of("storageclass.kubernetes.io/is-default-class",
            "storageclass.beta.kubernetes.io/is-default-class");
    private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";

    @Override
    public String name() {
        return "DefaultStorageClass";
    }

    @Override
    public void mutate(Write w) throws ApiException {
        boolean claim = w.resource().group().isEmpty() && w.resource().plural().equals("persistentvolumeclaims") && w.subresource().isEmpty();
        if (!claim || w.operation() != Operation.CREATE || w.object().has("spec", "storageClassName")
                || w.object().annotations().containsKey(BETA_CLASS)) {
            return;
        }
        w.reader().list("storage.k8s.io", "storageclasses", "").stream()
                .filter(c -> DEFAULT.stream().anyMatch(a -> "true".equals(c.annotations().get(a))))
                .min(Comparator.comparing((Obj c) -> c.text("metadata", "creationTimestamp")).reversed().thenComparing(Obj::name))
                .ifPresent(c -> w.object().make("spec").put("storageClassName", c.name()));
    }
}
