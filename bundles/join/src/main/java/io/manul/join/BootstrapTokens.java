package io.manul.join;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Bootstrap tokens: Secrets {@code bootstrap-token-ID} of kube-system (Kubernetes, "Authenticating with Bootstrap Tokens"). One
 * that shall let nodes join is of the group {@value #NODES}, which is k3s's name.
 */
final class BootstrapTokens {

    static final String TYPE = "bootstrap.kubernetes.io/token";
    static final String NODES = "system:bootstrappers:k3s:default-node-token";
    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");

    private final Cluster cluster;
    private final InstantSource clock;

    BootstrapTokens(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /** True when this token lets nodes join now. */
    boolean joins(String token) throws ClusterException, InterruptedException {
        Matcher m = TOKEN.matcher(token);
        if (!m.matches()) {
            return false;
        }
        Optional<Obj> secret = cluster.get(Resources.SECRETS, "kube-system", "bootstrap-token-" + m.group(1));
        return secret.filter(s -> valid(s, m.group(1), m.group(2))).isPresent();
    }

    private boolean valid(Obj secret, String id, String password) {
        return secret.text("type").equals(TYPE) && !secret.deleting() && data(secret, "token-id").equals(id)
                && MessageDigest.isEqual(data(secret, "token-secret").getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8))
                && data(secret, "usage-bootstrap-authentication").equals("true")
                && expiry(secret).map(e -> e.isAfter(clock.instant())).orElse(true)
                && Stream.of(data(secret, "auth-extra-groups").split(",")).map(String::strip).anyMatch(NODES::equals);
    }

    static String data(Obj secret, String key) {
        try {
            return new String(Base64.getDecoder().decode(secret.text("data", key)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return ""; // not base64: nothing that a token could be
        }
    }

    /** When it ends; empty for never. One that cannot be read has ended, as upstream's. */
    static Optional<Instant> expiry(Obj secret) {
        String text = data(secret, "expiration");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.of(Instant.EPOCH);
        }
    }
}
