package io.manul.pki;

import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Hashtable;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what is missing, writes the admin's kubeconfig, and registers the one never-replaced {@link Pki}. */
@Component(immediate = true, service = {})
public final class PkiRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(PkiRegistration.class);

    private final Optional<ServiceRegistration<Pki>> registration;

    /** Where a file is damaged, it says so in one line and offers nothing: Declarative Services would print a trace. */
    @Activate
    public PkiRegistration(BundleContext context, @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        Optional<Pki> pki = prepare(settings);
        registration = pki.map(p -> context.registerService(Pki.class, new One(p), new Hashtable<>()));
    }

    private static Optional<Pki> prepare(Settings settings) {
        try {
            return Optional.of(new FilePki(settings, new Store(InstantSource.system(), new Issuer(new SecureRandom()))).prepare());
        } catch (PkiException e) {
            LOG.error("The cluster's keys cannot be used: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @Deactivate
    void deactivate() {
        registration.ifPresent(ServiceRegistration::unregister);
    }

    private record One(Pki pki) implements PrototypeServiceFactory<Pki> {
        @Override
        public Pki getService(Bundle bundle, ServiceRegistration<Pki> r) {
            return pki;
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<Pki> r, Pki given) {
            // the object lives as long as this bundle
        }
    }
}
