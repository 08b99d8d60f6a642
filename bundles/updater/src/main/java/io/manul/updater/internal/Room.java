package io.manul.updater.internal;

import io.manul.api.component.Component;
import java.time.Instant;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** One version of a room: its bundle and the component it registered. */
final class Room {
    final String name;
    final Bundle bundle;
    final Component component;
    final Instant since;
    private final ServiceReference<Component> reference;

    Room(String name, Bundle bundle, ServiceReference<Component> reference, Component component, Instant since) {
        this.name = name;
        this.bundle = bundle;
        this.reference = reference;
        this.component = component;
        this.since = since;
    }

    String version() {
        return bundle.getVersion().toString();
    }

    /** Gives the service object back to the framework, so that nothing of the bundle is held. */
    void release(BundleContext context) {
        context.ungetService(reference);
    }
}
