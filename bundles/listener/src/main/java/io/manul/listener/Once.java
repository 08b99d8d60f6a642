package io.manul.listener;

import org.osgi.framework.Bundle;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * Hands out the one object of a never-replaced service, in prototype scope: the framework then keeps no record of the
 * bundles that used it (OSGi Core 8, section 5.3).
 */
record Once<S>(S service) implements PrototypeServiceFactory<S> {

    @Override
    public S getService(Bundle bundle, ServiceRegistration<S> registration) {
        return service;
    }

    @Override
    public void ungetService(Bundle bundle, ServiceRegistration<S> registration, S given) {
        // the object lives as long as this bundle
    }
}
