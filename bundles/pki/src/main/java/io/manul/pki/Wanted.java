package io.manul.pki;

import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a certificate says exactly what is wanted now. */
final class Wanted {

    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final int DNS = 2;

    private Wanted() {
    }

    /** Of this CA as it is now, for this subject, with these names and no other. */
    static boolean fits(List<X509Certificate> chain, Ca ca, Issuer.Subject subject) {
        X509Certificate c = chain.getFirst();
        try {
            return chain.subList(1, chain.size()).equals(ca.path())
                    && Arrays.equals(c.getIssuerX500Principal().getEncoded(), ca.certificate().getSubjectX500Principal().getEncoded())
                    && Arrays.equals(c.getSubjectX500Principal().getEncoded(), Issuer.name(subject).getEncoded())
                    && List.of(subject.server() ? SERVER : CLIENT).equals(c.getExtendedKeyUsage())
                    && names(c).equals(names(subject))
                    && Ca.signed(c, ca.certificate());
        } catch (IOException | CertificateParsingException | IllegalArgumentException e) {
            return false; // not one that was made here
        }
    }

    private static Set<Object> names(X509Certificate c) throws CertificateParsingException {
        Set<Object> names = new HashSet<>();
        Collection<List<?>> all = c.getSubjectAlternativeNames();
        if (all != null) {
            all.forEach(n -> names.add(n.get(0).equals(DNS) ? n.get(1) : InetAddress.ofLiteral(String.valueOf(n.get(1)))));
        }
        return names;
    }

    private static Set<Object> names(Issuer.Subject s) {
        Set<Object> names = new HashSet<>(s.dnsNames());
        names.addAll(s.addresses());
        return names;
    }
}
