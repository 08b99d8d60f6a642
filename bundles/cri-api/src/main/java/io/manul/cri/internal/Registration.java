package io.manul.cri.internal;

import io.manul.api.gate.Gates;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.GatedContainerRuntime;
import io.manul.cri.GatedImageArchives;
import io.manul.cri.ImageArchives;
import java.util.List;
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
 * Registers the delegates before the room "cri" with scope prototype: a bundle that used them and was replaced leaves nothing
 * behind in the framework (OSGi Core 8, 5.3.4).
 */
@Component(service = {}, immediate = true)
public final class Registration {

    private final List<ServiceRegistration<?>> registrations;

    @Activate
    public Registration(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Gates gates, BundleContext context) {
        registrations = List.of(
                register(context, ContainerRuntime.class, new GatedContainerRuntime(gates.gate(ContainerRuntime.class, "cri"))),
                register(context, ImageArchives.class, new GatedImageArchives(gates.gate(ImageArchives.class, "cri"))));
    }

    private static <S> ServiceRegistration<S> register(BundleContext context, Class<S> type, S delegate) {
        return context.registerService(type, new TheOne<>(delegate), null);
    }

    @Deactivate
    void deactivate() {
        registrations.forEach(ServiceRegistration::unregister);
    }

    private record TheOne<S>(S delegate) implements PrototypeServiceFactory<S> {
        @Override
        public S getService(Bundle bundle, ServiceRegistration<S> registration) {
            return delegate;
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<S> registration, S service) {
            // one object for all: nothing to give back
        }
    }
}
