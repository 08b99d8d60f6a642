package io.manul.pki;

import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.security.SecureRandom;
import java.time.InstantSource;
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

/** Makes what is missing, writes the admin's kubeconfig, and registers the one never-replaced {@link Pki}. */
@Component(immediate = true, service = {})
public final class PkiRegistration {

    private final ServiceRegistration<Pki> registration;

    @Activate
    public PkiRegistration(BundleContext context, @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings) {
        Pki pki = new FilePki(settings, new Store(InstantSource.system(), new Issuer(new SecureRandom()))).prepare();
        registration = context.registerService(Pki.class, new One(pki), new Hashtable<>());
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
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
