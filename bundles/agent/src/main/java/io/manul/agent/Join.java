package io.manul.agent;

import io.manul.client.Unreached;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The handshake of a node that joins: the CA, its hash against the token's, then with the credentials the server's settings and a
 * certificate for each identity (K3S.md 1.7). What it got is kept; a node that has it starts without a server.
 */
public final class Join {

    private static final Duration AGAIN = Duration.ofSeconds(3);

    /** @param addresses what the kubelet's serving certificate is for, with commas */
    public record Wanted(URI server, Optional<Token> token, String nodeName, String addresses) {

        Map<String, String> headers(NodeFiles files) throws IOException {
            return Map.of("k3s-node-name", nodeName, "k3s-node-password", files.password(), "k3s-node-ip", addresses);
        }
    }

    private final Wanted wanted;
    private final NodeFiles files;
    private final Consumer<String> say;

    public Join(Wanted wanted, NodeFiles files, Consumer<String> say) {
        this.wanted = wanted;
        this.files = files;
        this.say = say;
    }

    /**
     * The settings of the cluster, from the disk or, at a first start, from the server, which is waited for.
     *
     * @throws JoinException the server does not want this node
     */
    public Obj settings() throws IOException, JoinException, InterruptedException {
        if (files.complete()) {
            return files.readConfig().orElseThrow();
        }
        Token token = wanted.token().orElseThrow(() -> new JoinException("this node has not joined yet: --token is required (or --token-file, MANUL_TOKEN)"));
        String last = "";
        for (;;) {
            try {
                return once(token);
            } catch (IOException e) {
                String why = Unreached.why(e, Instant.now());
                if (!why.equals(last)) {
                    say.accept("waiting for " + wanted.server() + ": " + why);
                }
                last = why;
            }
            Thread.sleep(AGAIN);
        }
    }

    private Obj once(Token token) throws IOException, JoinException, InterruptedException {
        String ca = Supervisor.fetchCa(wanted.server(), token);
        try (Supervisor server = Supervisor.of(wanted.server(), ca, Optional.of(token), wanted.headers(files))) {
            Obj config = server.config();
            for (String name : NodeFiles.IDENTITIES) {
                server.certify(files, name);
            }
            files.keepCa("client-ca", server.get("/v1-k3s/client-ca.crt"));
            files.keepCa("server-ca", ca);
            List<URI> all = new ArrayList<>(List.of(wanted.server()));
            files.keepServers(all);
            files.keepConfig(config);
            say.accept("joined the cluster of " + wanted.server() + " as node " + wanted.nodeName()
                    + (token.caHash().isEmpty() ? "; the token names no CA, so the server's was trusted as it came" : ""));
            return config;
        }
    }
}
