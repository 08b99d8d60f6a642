package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import io.manul.model.Quantity;
import java.util.Optional;

/** A claim may ask for more only when it is bound and its class allows it (Kubernetes, "Expanding Persistent Volumes Claims"). */
public final class PersistentVolumeClaimResize implements Admission {

    private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";

    @Override
    public String name() {
        return "PersistentVolumeClaimResize";
    }

    @Override
    public void validate(Write w) throws ApiException {
        boolean claim = w.resource().group().isEmpty() && w.resource().plural().equals("persistentvolumeclaims") && w.subresource().isEmpty();
        if (!claim || w.operation() != Operation.UPDATE || asked(w.object()) <= asked(w.old())) {
            return;
        }
        if (!w.old().text("status", "phase").equals("Bound")) {
            throw ApiException.forbidden("", "persistentvolumeclaims", w.name(), "Only bound persistent volume claims can be expanded");
        }
        String name = Optional.ofNullable(w.object().annotations().get(BETA_CLASS)).orElseGet(() -> w.object().text("spec", "storageClassName"));
        boolean allowed = !name.isEmpty()
                && w.reader().get("storage.k8s.io", "storageclasses", "", name).map(c -> c.flag("allowVolumeExpansion")).orElse(false);
        if (!allowed) {
            throw ApiException.forbidden("", "persistentvolumeclaims", w.name(),
                    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
        }
    }

    private static long asked(Obj claim) {
        return Quantity.units(claim.get("spec", "resources", "requests", "storage"));
    }
}
