package io.manul.listener;

import io.manul.api.gate.Gates;
import io.manul.api.http.Loopback;
import io.manul.api.http.Streams;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the endpoints when this bundle starts, and offers {@link Streams} and {@link Loopback}. Never replaced live. */
@Component(service = {}, immediate = true)
public final class ListenerRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerRegistration.class);

    private final Server server;
    private final List<ServiceRegistration<?>> registered;

    /** Where it cannot listen, it says so in one line and offers nothing: Declarative Services would print a trace. */
    @Activate
    public ListenerRegistration(BundleContext context,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Gates gates,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Pki pki) {
        server = open(settings, gates, pki);
        registered = server == null ? List.of() : List.of(
                context.registerService(Streams.class, new Once<>(server.streams()), new Hashtable<>()),
                context.registerService(Loopback.class, new Once<>(server.loopback()), new Hashtable<>()));
    }

    private static Server open(Settings settings, Gates gates, Pki pki) {
        try {
            return new Server(settings, gates, pki, Limits.DEFAULT);
        } catch (IOException e) {
            LOG.error("The server cannot listen: {}", e.getMessage());
            return null;
        }
    }

    @Deactivate
    void stop() throws IOException, InterruptedException {
        try {
            if (server != null) {
                server.stop();
            }
        } finally {
            registered.forEach(ServiceRegistration::unregister);
        }
    }
}
