package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nothing is made in a namespace that does not exist or is going; some namespaces stay for ever. */
public final class NamespaceLifecycle implements Admission {

    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");
    /** What is created on the way out: it makes nothing new. */
    private static final Set<String> LEAVING = Set.of("eviction", "binding");

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    /** Before anything else is looked up in the namespace. */
    @Override
    public void mutate(Write w) throws ApiException {
        if (!w.resource().namespaced()) {
            return;
        }
        Optional<Obj> found = w.reader().get("", "namespaces", "", w.namespace());
        if (found.isEmpty()) {
            throw ApiException.notFound("", "namespaces", w.namespace());
        }
        if (w.operation() == Operation.CREATE && !LEAVING.contains(w.subresource())
                && (found.get().deleting() || found.get().text("status", "phase").equals("Terminating"))) {
            String message = "unable to create new content in namespace " + w.namespace() + " because it is being terminated";
            ApiException e = ApiException.forbidden(w.resource().group(), w.resource().plural(), w.name(), message);
            e.status().make("details").put("causes", List.of(Obj.of("reason", "NamespaceTerminating",
                    "message", "namespace " + w.namespace() + " is being terminated", "field", "metadata.namespace")));
            throw e;
        }
    }

    @Override
    public void validate(Write w) throws ApiException {
        boolean namespace = w.resource().group().isEmpty() && w.resource().plural().equals("namespaces");
        if (namespace && w.operation() == Operation.DELETE && w.subresource().isEmpty() && IMMORTAL.contains(w.name())) {
            throw ApiException.forbidden("", "namespaces", w.name(), "this namespace may not be deleted");
        }
    }
}
