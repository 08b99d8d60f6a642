package io.manul.cri.internal;

import io.manul.api.gate.Gates;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.GatedContainerRuntime;
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
 * Registers the delegate before the room "cri" as {@link ContainerRuntime}, with scope prototype: a bundle that used it and was
 * replaced leaves nothing behind in the framework (OSGi Core 8, 5.3.4).
 */
@Component(service = {}, immediate = true)
public final class Registration {

    private final ServiceRegistration<ContainerRuntime> registration;

    @Activate
    public Registration(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Gates gates, BundleContext context) {
        ContainerRuntime delegate = new GatedContainerRuntime(gates.gate(ContainerRuntime.class, "cri"));
        registration = context.registerService(ContainerRuntime.class, new TheOne(delegate), null);
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
    }

    private record TheOne(ContainerRuntime delegate) implements PrototypeServiceFactory<ContainerRuntime> {
        @Override
        public ContainerRuntime getService(Bundle bundle, ServiceRegistration<ContainerRuntime> registration) {
            return delegate;
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<ContainerRuntime> registration,
                ContainerRuntime service) {
            // one object for all: nothing to give back
        }
    }
}
