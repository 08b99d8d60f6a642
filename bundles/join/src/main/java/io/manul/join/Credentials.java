package io.manul.join;

import io.manul.api.http.Exchange;
import io.manul.api.http.Peer;
import io.manul.api.pki.Pki;
import io.manul.client.ClusterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Who asks to join: with the server's or the agents' token, a bootstrap token, or the certificate of a node that has joined. */
final class Credentials {

    private static final String NODE = "system:node:";

    private final Pki pki;
    private final TokenFiles files;
    private final BootstrapTokens bootstrap;
    private final InstantSource clock;

    Credentials(Pki pki, TokenFiles files, BootstrapTokens bootstrap, InstantSource clock) {
        this.pki = pki;
        this.files = files;
        this.bootstrap = bootstrap;
        this.clock = clock;
    }

    /** True with a token. @throws Refused with a wrong one */
    boolean token(Exchange x) throws Refused, IOException, ClusterException, InterruptedException {
        String header = x.header("authorization").orElse("");
        if (header.isEmpty()) {
            return false;
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            if (bootstrap.joins(header.substring(7).strip())) {
                return true;
            }
            throw Refused.unauthorized("the bootstrap token is not known, has expired, or is not for nodes (usage authentication, group "
                    + BootstrapTokens.NODES + "); `manul token list` on a server shows those there are");
        }
        String[] user = basic(header);
        boolean right = switch (user[0]) {
            case "server" -> same(user[1], files.serverPassword());
            case "node" -> same(user[1], files.agentPassword()) || same(user[1], files.serverPassword());
            default -> false;
        };
        if (!right) {
            throw Refused.unauthorized("token is not valid: Unauthorized; the right one is in the file server/node-token of the server's data folder");
        }
        return true;
    }

    private static String[] basic(String header) throws Refused {
        try {
            String text = header.regionMatches(true, 0, "Basic ", 0, 6)
                    ? new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8) : "";
            int colon = text.indexOf(':');
            return colon < 0 ? new String[] {"", ""} : new String[] {text.substring(0, colon), text.substring(colon + 1)};
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "the header Authorization is not readable");
        }
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** The node whose valid certificate the connection has. */
    Optional<String> node(Exchange x) {
        if (!(x.peer() instanceof Peer.Remote peer) || peer.chain().isEmpty()) {
            return Optional.empty();
        }
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(pki.clientCa(), null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            List<X509Certificate> path = peer.chain().stream().filter(c -> !c.equals(pki.clientCa())).toList();
            CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return name(peer.chain().getFirst());
        } catch (GeneralSecurityException | InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> name(X509Certificate leaf) throws InvalidNameException {
        String user = "";
        boolean node = false;
        for (Rdn rdn : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
            String value = String.valueOf(rdn.getValue());
            if (rdn.getType().equalsIgnoreCase("CN")) {
                user = value;
            }
            node |= rdn.getType().equalsIgnoreCase("O") && value.equals("system:nodes");
        }
        return node && user.startsWith(NODE) ? Optional.of(user.substring(NODE.length())) : Optional.empty();
    }
}
