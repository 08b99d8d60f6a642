package io.manul.datastore.internal;

import io.manul.api.gate.Gates;
import io.manul.datastore.Datastore;
import io.manul.datastore.GatedDatastore;
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

/**
 * Registers the {@link Datastore} that stands before the room {@code kine}'s gate: never replaced, one object, prototype
 * scope (SWAP.md, pitfall 1; OSGi Core 8, section 5.3).
 */
@Component(immediate = true, service = {})
public final class DelegateRegistration {

    static final String ROOM = "kine";

    private final ServiceRegistration<Datastore> registration;

    @Activate
    public DelegateRegistration(BundleContext context,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Gates gates) {
        Datastore delegate = new GatedDatastore(gates.gate(Datastore.class, ROOM));
        registration = context.registerService(Datastore.class, new One(delegate), new Hashtable<>());
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
    }

    private record One(Datastore delegate) implements PrototypeServiceFactory<Datastore> {
        @Override
        public Datastore getService(Bundle bundle, ServiceRegistration<Datastore> registration) {
            return delegate;
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<Datastore> registration, Datastore given) {
            // the object lives as long as this bundle
        }
    }
}
