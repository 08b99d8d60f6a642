package io.manul.pki;

import io.manul.api.pki.Pki.Identity;
import io.manul.api.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin's kubeconfig: its text, and its file, which follows the admin's certificate. */
final class Kubeconfig {

    private static final Logger LOG = LoggerFactory.getLogger(Kubeconfig.class);

    private static final Duration RETRY = Duration.ofMinutes(10);

    private final Settings settings;
    private final InstantSource clock;
    /** What was last written; the same object until it is renewed. */
    private volatile Identity seen;

    private Instant again = Instant.MIN;

    Kubeconfig(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    static String text(String serverCaPem, String serverUrl, Identity admin) {
        return """
                apiVersion: v1
                clusters:
                - cluster:
                    certificate-authority-data: %s
                    server: %s
                  name: default
                contexts:
                - context:
                    cluster: default
                    user: default
                  name: default
                current-context: default
                kind: Config
                preferences: {}
                users:
                - name: default
                  user:
                    client-certificate-data: %s
                    client-key-data: %s
                """.formatted(base64(serverCaPem), serverUrl, base64(PemFiles.pem(admin.chain())), base64(PemFiles.sec1(admin.key(), admin.chain().getFirst().getPublicKey())));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes the file when it says something else. */
    synchronized void write(String serverCaPem, Identity admin) {
        // the server is reached at loopback unless it was bound elsewhere
        String host = Addresses.any(settings.bindAddress()) ? "127.0.0.1" : Addresses.host(settings.bindAddress());
        String text = text(serverCaPem, "https://" + host + ":" + settings.httpsPort(), admin);
        Path file = settings.kubeconfig();
        if (!same(file, text)) {
            try {
                Files.createDirectories(file.toAbsolutePath().getParent()); // others may read it when its mode says so
            } catch (IOException e) {
                throw new PkiException("the folder of " + file + " cannot be made: " + e.getMessage() + "; look at --write-kubeconfig");
            }
            PemFiles.write(file, text, mode(settings.kubeconfigMode()));
        }
        seen = admin;
    }

    private boolean same(Path file, String text) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == text.length()
                    && Files.readString(file, StandardCharsets.US_ASCII).equals(text)
                    && Files.getPosixFilePermissions(file).equals(mode(settings.kubeconfigMode()));
        } catch (IOException e) {
            return false; // written anew; what is wrong shows then
        }
    }

    /** Follows a renewal while the server runs; cheap when there was none. A file that cannot be written stops nobody. */
    void follow(Supplier<String> serverCaPem, Identity admin) {
        if (admin != seen) {
            changed(serverCaPem.get(), admin);
        }
    }

    private synchronized void changed(String serverCaPem, Identity admin) {
        if (admin == seen || clock.instant().isBefore(again)) {
            return;
        }
        try {
            write(serverCaPem, admin);
            LOG.info("Kubeconfig written with the renewed certificate file={}", settings.kubeconfig());
        } catch (PkiException e) {
            again = clock.instant().plus(RETRY);
            LOG.error("Kubeconfig keeps the old certificate, next try in {} s: {}", RETRY.toSeconds(), e.getMessage());
        }
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
}
