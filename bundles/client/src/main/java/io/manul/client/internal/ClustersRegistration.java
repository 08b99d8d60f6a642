package io.manul.client.internal;

import io.manul.api.http.Loopback;
import io.manul.api.settings.Settings;
import io.manul.client.Clusters;
import java.util.Hashtable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** Registers the never-replaced {@link Clusters} of a JVM that has the API in it; on a node without one, the room agent does. */
@Component(immediate = true, service = {})
public final class ClustersRegistration {

    private final ServiceRegistration<Clusters> registration;

    @Activate
    public ClustersRegistration(BundleContext context, @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Loopback loopback,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        registration = settings.other("role").orElse("").equals("agent") ? null : context.registerService(Clusters.class, new One(new LoopbackClusters(loopback)), new Hashtable<>());
    }

    @Deactivate
    void deactivate() {
        if (registration != null) {
            registration.unregister();
        }
    }

    private record One(Clusters clusters) implements PrototypeServiceFactory<Clusters> {
        @Override
        public Clusters getService(Bundle bundle, ServiceRegistration<Clusters> r) {
            return clusters;
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<Clusters> r, Clusters given) {
            // the object lives as long as this bundle
        }
    }
}
