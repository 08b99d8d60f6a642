package io.manul.broker;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * What the holder of a certificate may do. A node: publish below {@code kn/v1/CLUSTER/n/NODE/}, subscribe to its own
 * {@code cmd} and to {@code state}. The server half: everything below {@code kn/v1}.
 *
 * @param identity the certificate's common name
 * @param node     its node; empty for the server half
 */
record Access(String identity, String node, String cluster) {

    static final String SERVER = "system:manul:heartbeat";
    private static final String SERVER_GROUP = "system:manul";
    private static final String NODE = "system:node:";
    private static final String NODE_GROUP = "system:nodes";
    private static final String ROOT = "kn/v1/";
    /** RFC 1123 subdomain, as Kubernetes names nodes: nothing in it has a meaning in a topic filter. */
    private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    /** @param certificate verified by TLS against the cluster's client CA */
    static Optional<Access> of(X509Certificate certificate, String cluster) {
        List<String> names = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(rdn.getValue()));
                } else if (rdn.getType().equalsIgnoreCase("O")) {
                    groups.add(String.valueOf(rdn.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
        return names.size() == 1 ? of(names.getFirst(), groups, cluster) : Optional.empty();
    }

    static Optional<Access> of(String name, List<String> groups, String cluster) {
        if (name.equals(SERVER) && groups.contains(SERVER_GROUP)) {
            return Optional.of(new Access(name, "", cluster));
        }
        if (name.startsWith(NODE) && groups.contains(NODE_GROUP)) {
            String node = name.substring(NODE.length());
            return NODE_NAME.matcher(node).matches() ? Optional.of(new Access(name, node, cluster)) : Optional.empty();
        }
        return Optional.empty();
    }

    boolean server() {
        return node.isEmpty();
    }

    boolean mayPublish(String topic) {
        return topic.startsWith(server() ? ROOT : ROOT + cluster + "/n/" + node + "/");
    }

    /** A filter is allowed when every topic that it matches is. */
    boolean maySubscribe(String filter) {
        if (server()) {
            return filter.startsWith(ROOT);
        }
        String own = ROOT + cluster + "/n/" + node + "/cmd";
        return filter.equals(own) || filter.startsWith(own + "/") || filter.startsWith(ROOT + cluster + "/state/");
    }
}
