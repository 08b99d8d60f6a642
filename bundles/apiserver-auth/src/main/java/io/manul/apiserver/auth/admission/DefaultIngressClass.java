package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.Comparator;

/**
 * Gives a new Ingress without a class the default one; of several the newest, then by name (Kubernetes, "Admission Controllers",
 * DefaultIngressClass; KEP-1453).
 */
public final class DefaultIngressClass implements Admission {

    private static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";
    private static final String OLD_WAY = "kubernetes.io/ingress.class";

    @Override
    public String name() {
        return "DefaultIngressClass";
    }

    @Override
    public void mutate(Write write) throws ApiException {
        if (write.operation() != Operation.CREATE || !write.subresource().isEmpty() || !write.resource().group().equals("networking.k8s.io")
                || !write.resource().plural().equals("ingresses") || write.object().has("spec", "ingressClassName")
                || write.object().annotations().containsKey(OLD_WAY)) {
            return;
        }
        write.reader().list("networking.k8s.io", "ingressclasses", "").stream().filter(c -> "true".equals(c.annotations().get(DEFAULT)))
                .max(Comparator.comparing((Obj c) -> c.text("metadata", "creationTimestamp")).thenComparing(Obj::name, Comparator.reverseOrder()))
                .ifPresent(c -> write.object().set(c.name(), "spec", "ingressClassName"));
    }
}
