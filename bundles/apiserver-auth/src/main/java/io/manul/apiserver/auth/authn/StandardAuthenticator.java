package io.manul.apiserver.auth.authn;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Authenticator;
import io.manul.apiserver.spi.Reader;
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
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * In this order: rooms of this JVM, client certificate, bearer token, anonymous (Kubernetes, "Authenticating"; upstream asks
 * certificates first, and a certificate that is of no use does not spoil a token that is).
 */
public final class StandardAuthenticator implements Authenticator {

    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";
    private static final User ANONYMOUS = new User("system:anonymous", List.of("system:unauthenticated"));

    private final Pki pki;
    private final ServiceAccountTokens tokens;
    private final InstantSource clock;
    private final BootstrapTokens bootstrap;

    public StandardAuthenticator(Pki pki, ServiceAccountTokens tokens, Reader reader, InstantSource clock) {
        this.bootstrap = new BootstrapTokens(reader, clock);
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
        Optional<User> certified = peer.chain().isEmpty() ? Optional.empty() : certificate(peer.chain());
        if (certified.isPresent()) {
            return authenticated(certified.get());
        }
        Optional<String> header = exchange.header("authorization");
        if (header.isPresent() && header.get().regionMatches(true, 0, "Bearer ", 0, 7)) {
            String token = header.get().substring(7).strip();
            return authenticated((BootstrapTokens.looksLike(token) ? bootstrap.verify(token) : tokens.verify(token, List.of()))
                    .orElseThrow(ApiException::unauthorized));
        }
        if (!peer.chain().isEmpty()) {
            throw ApiException.unauthorized();
        }
        return ANONYMOUS;
    }

    /** Everybody but the anonymous user is one of the authenticated. */
    private static User authenticated(User u) {
        if (u.name().equals(ANONYMOUS.name())) {
            return u;
        }
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
            if (uses != null && !uses.contains(CLIENT_AUTH) && !uses.contains(ANY_USE)) { // null: for every use (RFC 5280, 4.2.1.12)
                return Optional.empty();
            }
            ca.checkValidity(Date.from(clock.instant()));
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            List<X509Certificate> path = chain.stream().filter(c -> !c.equals(ca)).toList();
            if (path.isEmpty()) {
                return Optional.empty(); // the CA itself is nobody's certificate
            }
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
                user = values(rdn, "CN").reduce(user, (before, last) -> last);
                values(rdn, "O").forEach(groups::add);
            }
        } catch (InvalidNameException | IllegalArgumentException e) {
            return Optional.empty();
        }
        return user.isEmpty() ? Optional.empty() : Optional.of(new User(user, groups));
    }

    /** The values of one attribute; an RDN may hold several ({@code O=a+O=b}). */
    private static Stream<String> values(Rdn rdn, String type) {
        Attribute found = rdn.toAttributes().get(type);
        List<String> values = new ArrayList<>();
        for (int i = 0; found != null && i < found.size(); i++) {
            try {
                values.add((String) found.get(i));
            } catch (NamingException | ClassCastException e) {
                throw new IllegalArgumentException(type + " is not text", e);
            }
        }
        return values.stream();
    }
}
