package io.manul.pki;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who signs. A CA of one's own may hang below others: all that its file holds is kept, and sent as far as it belongs.
 *
 * @param bundle all certificates of its file, that of the key first
 * @param path   from that certificate towards its root, as far as the file has it
 */
record Ca(PrivateKey key, List<X509Certificate> bundle, List<X509Certificate> path) {

    private static final int KEY_CERT_SIGN = 5;

    Ca {
        bundle = List.copyOf(bundle);
        path = List.copyOf(path);
    }

    static Ca of(PrivateKey key, List<X509Certificate> bundle) {
        List<X509Certificate> path = new ArrayList<>(List.of(bundle.getFirst()));
        for (Optional<X509Certificate> next = above(bundle.getFirst(), bundle); next.isPresent() && !path.contains(next.get());
                next = above(next.get(), bundle)) {
            path.add(next.get());
        }
        return new Ca(key, bundle, path);
    }

    X509Certificate certificate() {
        return bundle.getFirst();
    }

    private static Optional<X509Certificate> above(X509Certificate c, List<X509Certificate> all) {
        return all.stream().filter(a -> a.getSubjectX500Principal().equals(c.getIssuerX500Principal()) && signed(c, a)).findFirst();
    }

    static boolean signed(X509Certificate c, X509Certificate by) {
        try {
            c.verify(by.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false; // by somebody else
        }
    }

    /** Refuses a file with a certificate that may not sign others. */
    static void check(List<X509Certificate> bundle, Path file) {
        for (X509Certificate c : bundle) {
            boolean[] uses = c.getKeyUsage();
            if (c.getBasicConstraints() < 0 || uses != null && !uses[KEY_CERT_SIGN]) {
                throw new PkiException(file + " holds a certificate that is not one of a CA (subject " + c.getSubjectX500Principal().getName()
                        + ", wanted CA:TRUE and the use keyCertSign); put the CA's certificate there, that of " + file.getFileName().toString()
                                .replaceFirst("crt$", "key") + " first, those above it after it");
            }
        }
    }
}
