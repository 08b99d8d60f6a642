package io.manul.kubelet.server;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.client.ClusterException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Who may call the kubelet (Kubernetes, "Kubelet authentication/authorization"): the API server inside this JVM, which has
 * authorized its caller; the machine's administrator; and from outside whom a client certificate of the cluster's CA or a bearer
 * token names, when he may do that with this node's sub-resource: the API is asked.
 */
final class Callers {

    private static final Set<String> NAMES = Set.of("kube-apiserver", "system:kube-apiserver", "system:apiserver");
    private static final String MASTERS = "system:masters";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";

    private final Pki pki;
    private final Reviews reviews;

    Callers(Pki pki, Reviews reviews) {
        this.pki = pki;
        this.reviews = reviews;
    }

    void check(Exchange x) throws Refused, InterruptedException {
        if (!(x.peer() instanceof Peer.Remote remote)) {
            return;
        }
        try {
            Reviews.Caller caller = remote.chain().isEmpty() ? token(x) : certificate(remote.chain());
            if (caller.groups().contains(MASTERS) || NAMES.contains(caller.user())) {
                return;
            }
            String verb = verb(x.method());
            List<String> subresources = subresources(x.path());
            for (String s : subresources) {
                if (reviews.allowed(caller, verb, s)) {
                    return;
                }
            }
            throw new Refused(403, "Forbidden", "Forbidden (user=" + caller.user() + ", verb=" + verb + ", resource=nodes, subresource(s)=["
                    + String.join(" ", subresources) + "])");
        } catch (ClusterException e) {
            throw new Refused(503, "ServiceUnavailable", "the API does not tell whether the caller may: " + e.getMessage());
        }
    }

    private Reviews.Caller token(Exchange x) throws Refused, ClusterException, InterruptedException {
        String header = x.header("authorization").orElse("");
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7) || header.length() > 16 << 10) {
            throw new Refused(401, "Unauthorized", "Unauthorized: the kubelet wants a client certificate of this cluster, or a bearer token");
        }
        return reviews.token(header.substring(7).strip()).orElseThrow(() -> new Refused(401, "Unauthorized", "Unauthorized"));
    }

    private static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        };
    }

    /** Any of them will do (KEP-2862). */
    private static List<String> subresources(String path) {
        return switch (path.split("/", 3)[1]) {
            case "stats" -> List.of("stats");
            case "metrics" -> List.of("metrics");
            case "logs" -> List.of("log");
            case "pods", "runningpods" -> List.of("pods", "proxy");
            case "healthz" -> List.of("healthz", "proxy");
            case "configz" -> List.of("configz", "proxy");
            default -> List.of("proxy");
        };
    }

    private Reviews.Caller certificate(List<X509Certificate> chain) throws Refused {
        verify(chain);
        String user = "";
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(chain.getFirst().getSubjectX500Principal().getName()).getRdns()) {
                for (var attribute = rdn.toAttributes().getAll(); attribute.hasMore();) {
                    var a = attribute.next();
                    if (a.getID().equalsIgnoreCase("O")) {
                        groups.add(String.valueOf(a.get()));
                    } else if (a.getID().equalsIgnoreCase("CN")) {
                        user = String.valueOf(a.get());
                    }
                }
            }
        } catch (NamingException e) {
            throw new Refused(401, "Unauthorized", "the certificate's subject is not readable: " + e.getMessage());
        }
        return Optional.of(new Reviews.Caller(user, groups)).filter(c -> !c.user().isEmpty() || !c.groups().isEmpty())
                .orElseThrow(() -> new Refused(401, "Unauthorized", "the certificate names nobody"));
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
}
