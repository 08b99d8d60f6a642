package io.manul.pki;

import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Hashtable;
import java.util.Set;
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
    public PkiRegistration(BundleContext context, @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings)
            throws IOException {
        Pki pki = new FilePki(settings, new Store(InstantSource.system(), new Issuer(new SecureRandom())));
        writeKubeconfig(pki, settings);
        registration = context.registerService(Pki.class, new One(pki), new Hashtable<>());
    }

    /** The server is reached at loopback unless it was bound elsewhere. */
    private static void writeKubeconfig(Pki pki, Settings settings) throws IOException {
        String host = settings.bindAddress().equals("0.0.0.0") || settings.bindAddress().equals("::") ? "127.0.0.1" : settings.bindAddress();
        Path file = settings.kubeconfig();
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, pki.adminKubeconfig("https://" + host + ":" + settings.httpsPort()));
        Files.setPosixFilePermissions(temporary, mode(settings.kubeconfigMode()));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static Set<PosixFilePermission> mode(int bits) {
        PosixFilePermission[] all = {PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ};
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((bits >> i & 1) == 1) {
                set.add(all[i]);
            }
        }
        return set;
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
