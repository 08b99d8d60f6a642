package io.manul.join;

import io.manul.api.http.Exchange;
import io.manul.api.http.Handler;
import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.json.Json;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of k3s's supervisor that a node needs, on the API's port. */
final class JoinHandler implements Handler {

    private static final Logger LOG = LoggerFactory.getLogger(JoinHandler.class);
    private static final Map<String, String> TEXT = Map.of("content-type", "text/plain; charset=utf-8");
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");
    private static final String BASE = "/v1-k3s/";

    private final Settings settings;
    private final Pki pki;
    private final Cluster cluster;
    private final Credentials credentials;
    private final NodePasswords passwords;
    private final NodeCertificates certificates;
    private final TokenCommands tokens;

    JoinHandler(Settings settings, Pki pki, Cluster cluster, Credentials credentials, NodePasswords passwords, TokenCommands tokens) {
        this.tokens = tokens;
        this.settings = settings;
        this.pki = pki;
        this.cluster = cluster;
        this.credentials = credentials;
        this.passwords = passwords;
        this.certificates = new NodeCertificates(pki);
    }

    @Override
    public void handle(Exchange x) throws Exception {
        try {
            route(x);
        } catch (Refused e) {
            refuse(x, e.code(), e.getMessage());
        } catch (ClusterException e) {
            refuse(x, 503, "the API does not answer: " + e.getMessage());
        }
    }

    private void route(Exchange x) throws Exception {
        switch (x.path()) {
            case "/tokens" -> tokens.handle(x);
            case "/ping" -> text(x, "pong");
            case "/cacerts" -> text(x, pki.serverCaPem());
            default -> {
                String what = x.path().substring(BASE.length());
                if (what.equals("connect")) {
                    connect(x);
                } else {
                    Optional<String> node = allowed(x);
                    switch (what) {
                        case "readyz" -> text(x, "ok");
                        case "server-ca.crt" -> text(x, pki.serverCaPem());
                        case "client-ca.crt" -> text(x, Pem.text(List.of(pki.clientCa())));
                        case "config" -> x.reply(200, JSON, ServerConfig.of(settings).bytes());
                        case "apiservers" -> x.reply(200, JSON, Json.bytes(servers()));
                        default -> certificate(x, what, node);
                    }
                }
            }
        }
    }

    /** By a token, by a node's certificate, or by the password of a node that has joined. @return the node, when it has shown that it is it */
    private Optional<String> allowed(Exchange x) throws Refused, IOException, ClusterException, InterruptedException {
        Optional<String> certified = credentials.node(x);
        if (certified.isPresent() || credentials.token(x)) {
            return certified;
        }
        String name = x.header("k3s-node-name").orElse("");
        String password = x.header("k3s-node-password").orElse("");
        if (!name.isEmpty() && !password.isEmpty() && passwords.knows(NodeCertificates.checked(name), password)) {
            return Optional.of(name);
        }
        throw Refused.unauthorized("Unauthorized: a join token is needed, or the password of a node that has joined");
    }

    private void certificate(Exchange x, String what, Optional<String> node) throws Refused, ClusterException, InterruptedException {
        if (!x.method().equals("POST")) {
            throw new Refused(NodeCertificates.known(what) ? 405 : 404, "certificates are asked for by POST of a certificate request; there is no " + x.path());
        }
        String name = NodeCertificates.checked(x.header("k3s-node-name").orElse(""));
        String password = x.header("k3s-node-password").orElse("");
        if (password.isEmpty() || password.length() > 256) {
            throw new Refused(400, "the header k3s-Node-Password is missing");
        }
        if (node.isPresent() && !node.get().equals(name)) {
            throw Refused.forbidden("node " + node.get() + " asks for a certificate of node " + name);
        }
        if (name.equals(settings.nodeName())) {
            throw Refused.forbidden("the name " + name + " is this server's own; choose another by --node-name or --with-node-id");
        }
        x.touched();
        passwords.ensure(name, password);
        String chain = certificates.sign(what, name, x.header("k3s-node-ip").orElse(""), new String(x.body(), StandardCharsets.US_ASCII));
        LOG.info("Certificate signed for a node node={} certificate={}", name, what);
        text(x, chain);
    }

    private List<String> servers() throws ClusterException, InterruptedException {
        List<String> all = new ArrayList<>();
        for (Obj slice : cluster.list(Resources.ENDPOINT_SLICES, new Selection("default", "kubernetes.io/service-name=kubernetes", "")).items()) {
            long port = slice.objects("ports").stream().flatMap(p -> p.number("port").stream().boxed()).findFirst().orElse((long) settings.httpsPort());
            slice.objects("endpoints").forEach(e -> e.strings("addresses").forEach(a -> all.add((a.contains(":") ? "[" + a + "]" : a) + ":" + port)));
        }
        return all;
    }

    /** A node's connection becomes its tunnel: the listener joins it with the server's end. */
    private void connect(Exchange x) throws Refused {
        String node = credentials.node(x).orElseThrow(() -> Refused.unauthorized("a tunnel is for a node, by its certificate"));
        if (!x.header("upgrade").orElse("").equals("manul-tunnel")) {
            throw new Refused(400, "a tunnel begins with the upgrade manul-tunnel over HTTP/1.1");
        }
        if (List.of(x.header("manul-linked").orElse("").split(",")).contains(settings.nodeName())) {
            throw new Refused(409, "a tunnel of this node leads to this server already");
        }
        x.touched();
        x.splice(UnixDomainSocketAddress.of(settings.runDir().resolve("tunnel.sock")), "/" + node);
    }

    private static void text(Exchange x, String text) {
        x.reply(200, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(Exchange x, int code, String message) {
        x.reply(code, JSON, Obj.of("kind", "Status", "apiVersion", "v1", "metadata", Obj.of(), "status", "Failure", "message", message, "code", code).bytes());
    }
}
