package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Who may call the kubelet (Kubernetes, "Kubelet authentication/authorization"): the API server inside this JVM, which has
 * authorized its caller; the machine's administrator; and from outside a client certificate of the cluster's CA that is the
 * administrator's or an API server's.
 *
 * <p>Deviation: bearer tokens and other certificates are refused; the delegation to TokenReview and SubjectAccessReview is
 * not there yet.
 */
final class Callers {

    private static final Set<String> NAMES = Set.of("kube-apiserver", "system:kube-apiserver", "system:apiserver");
    private static final String MASTERS = "system:masters";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";

    private final Pki pki;

    Callers(Pki pki) {
        this.pki = pki;
    }

    void check(Exchange x) throws Refused {
        if (!(x.peer() instanceof Peer.Remote remote)) {
            return;
        }
        if (remote.chain().isEmpty()) {
            throw new Refused(401, "Unauthorized", x.header("authorization").isPresent()
                    ? "bearer tokens are not accepted by this kubelet yet; use a client certificate of the administrator, or ask the API server"
                    : "Unauthorized: the kubelet wants a client certificate of this cluster");
        }
        verify(remote.chain());
        X509Certificate leaf = remote.chain().getFirst();
        if (!allowed(leaf)) {
            throw new Refused(403, "Forbidden", "Forbidden (user=" + leaf.getSubjectX500Principal().getName()
                    + ", verb=" + x.method() + ", resource=nodes, subresource=proxy): only " + MASTERS + " and the API server may");
        }
    }

    private void verify(List<X509Certificate> chain) throws Refused {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(pki.clientCa(), null)));
            parameters.setRevocationEnabled(false);
            List<X509Certificate> path = chain.stream().filter(c -> !c.equals(pki.clientCa())).toList();
            CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            List<String> usages = chain.getFirst().getExtendedKeyUsage();
            if (usages != null && !usages.contains(CLIENT_AUTH) && !usages.contains(ANY_USE)) { // null: for every use (RFC 5280, 4.2.1.12)
                throw new Refused(401, "Unauthorized", "the certificate is not for clients");
            }
        } catch (GeneralSecurityException e) {
            throw new Refused(401, "Unauthorized", "the client certificate is not of this cluster: " + e.getMessage());
        }
    }

    private static boolean allowed(X509Certificate leaf) throws Refused {
        try {
            for (Rdn rdn : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
                for (var attribute = rdn.toAttributes().getAll(); attribute.hasMore();) {
                    var a = attribute.next();
                    String value = String.valueOf(a.get());
                    if (a.getID().equalsIgnoreCase("O") && value.equals(MASTERS) || a.getID().equalsIgnoreCase("CN") && NAMES.contains(value)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (InvalidNameException e) {
            throw new Refused(401, "Unauthorized", "the certificate's subject is not readable: " + e.getMessage());
        } catch (javax.naming.NamingException e) {
            throw new Refused(401, "Unauthorized", "the certificate's subject is not readable: " + e);
        }
    }
}
