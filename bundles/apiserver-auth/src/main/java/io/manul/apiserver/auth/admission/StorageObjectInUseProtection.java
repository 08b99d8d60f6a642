package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import java.util.List;

/** New claims and volumes get the finalizer that holds them while they are used (Kubernetes, "Storage Object in Use Protection"). */
public final class StorageObjectInUseProtection implements Admission {

    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public void mutate(Write w) {
        if (w.operation() != Operation.CREATE || !w.resource().group().isEmpty() || !w.subresource().isEmpty()) {
            return;
        }
        String finalizer = switch (w.resource().plural()) {
            case "persistentvolumeclaims" -> "kubernetes.io/pvc-protection";
            case "persistentvolumes" -> "kubernetes.io/pv-protection";
            default -> "";
        };
        List<Object> finalizers = finalizer.isEmpty() ? List.of() : w.object().list("metadata", "finalizers");
        if (!finalizer.isEmpty() && !finalizers.contains(finalizer)) {
            finalizers.add(finalizer);
        }
    }
}
