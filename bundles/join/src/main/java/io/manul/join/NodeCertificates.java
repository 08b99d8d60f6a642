package io.manul.join;

import io.manul.api.pki.Pki;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** What the certificates of a node say, by k3s's names of them. The request has only the key; the server knows the rest. */
final class NodeCertificates {

    private final Pki pki;

    NodeCertificates(Pki pki) {
        this.pki = pki;
    }

    static boolean known(String what) {
        return List.of("serving-kubelet.crt", "client-kubelet.crt", "client-kube-proxy.crt", "client-k3s-controller.crt").contains(what);
    }

    /** A name that a Node can have. */
    static String checked(String node) throws Refused {
        if (node.length() > 253 || !node.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")) {
            throw new Refused(400, "k3s-Node-Name \"" + node.substring(0, Math.min(80, node.length())) + "\" is no name of a node: a lowercase RFC 1123"
                    + " subdomain must consist of lower case alphanumeric characters, '-' or '.'");
        }
        return node;
    }

    /** @param addresses with commas @return the chain as PEM */
    String sign(String what, String node, String addresses, String request) throws Refused {
        Pki.Leaf leaf = switch (what) {
            case "client-kubelet.crt" -> client("system:node:" + node, List.of("system:nodes"));
            case "client-kube-proxy.crt" -> client("system:kube-proxy", List.of("system:node-proxiers"));
            case "client-k3s-controller.crt" -> client("system:k3s-controller", List.of());
            case "serving-kubelet.crt" -> new Pki.Leaf("system:node:" + node, List.of("system:nodes"), List.of(node, "localhost"), addresses(addresses), true);
            default -> throw new Refused(404, "there is no certificate " + what);
        };
        try {
            return Pem.text(pki.sign(request, leaf));
        } catch (IllegalArgumentException e) {
            throw new Refused(400, e.getMessage());
        }
    }

    private static Pki.Leaf client(String user, List<String> groups) {
        return new Pki.Leaf(user, groups, List.of(), List.of(), false);
    }

    private static List<InetAddress> addresses(String list) throws Refused {
        List<InetAddress> all = new ArrayList<>(List.of(InetAddress.ofLiteral("127.0.0.1")));
        for (String one : list.split(",")) {
            if (!one.isBlank() && all.size() < 16) {
                try {
                    all.add(InetAddress.ofLiteral(one.strip()));
                } catch (IllegalArgumentException e) {
                    throw new Refused(400, "k3s-Node-IP \"" + one + "\" is no IP address");
                }
            }
        }
        return all.stream().distinct().toList();
    }
}
