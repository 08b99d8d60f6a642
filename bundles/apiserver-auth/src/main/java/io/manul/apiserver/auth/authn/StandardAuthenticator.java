package io.manul.apiserver.auth.authn;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Authenticator;
import io.manul.apiserver.spi.User;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** In this order: rooms of this JVM, bearer token, client certificate, anonymous. */
public final class StandardAuthenticator implements Authenticator {

    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final User ANONYMOUS = new User("system:anonymous", List.of("system:unauthenticated"));

    private final Pki pki;
    private final ServiceAccountTokens tokens;
    private final InstantSource clock;

    public StandardAuthenticator(Pki pki, ServiceAccountTokens tokens, InstantSource clock) {
        this.pki = pki;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public User authenticate(Exchange exchange) throws ApiException {
        User user = switch (exchange.peer()) {
            case Peer.Internal p -> authenticated(new User(p.user(), p.groups()));
            case Peer.Console p -> authenticated(new User("system:admin", List.of("system:masters")));
            case Peer.Remote p -> remote(exchange, p);
        };
        if (exchange.headers().keySet().stream().anyMatch(h -> h.startsWith("impersonate-"))) {
            throw ApiException.notImplemented("impersonation is not served yet: send the request as the user itself");
        }
        return user;
    }

    private User remote(Exchange exchange, Peer.Remote peer) throws ApiException {
        Optional<String> header = exchange.header("authorization");
        if (header.isPresent() && header.get().regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authenticated(tokens.verify(header.get().substring(7).strip(), List.of()).orElseThrow(ApiException::unauthorized));
        }
        if (!peer.chain().isEmpty()) {
            return authenticated(certificate(peer.chain()).orElseThrow(ApiException::unauthorized));
        }
        return ANONYMOUS;
    }

    private static User authenticated(User u) {
        List<String> groups = new ArrayList<>(u.groups());
        if (!groups.contains("system:authenticated")) {
            groups.add("system:authenticated");
        }
        return new User(u.name(), u.uid(), groups, u.extra());
    }

    /** CN is the user, each O a group. */
    private Optional<User> certificate(List<X509Certificate> chain) {
        X509Certificate leaf = chain.getFirst();
        X509Certificate ca = pki.clientCa();
        try {
            List<String> uses = leaf.getExtendedKeyUsage();
            if (uses == null || !uses.contains(CLIENT_AUTH)) {
                return Optional.empty();
            }
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            List<X509Certificate> path = chain.stream().filter(c -> !c.equals(ca)).toList();
            CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return name(leaf);
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // whatever is wrong with it, the answer is 401
        }
    }

    private static Optional<User> name(X509Certificate leaf) {
        String user = "";
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
                switch (rdn.getType()) {
                    case "CN" -> user = String.valueOf(rdn.getValue());
                    case "O" -> groups.add(String.valueOf(rdn.getValue()));
                    default -> { }
                }
            }
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
        return user.isEmpty() ? Optional.empty() : Optional.of(new User(user, groups));
    }
}
