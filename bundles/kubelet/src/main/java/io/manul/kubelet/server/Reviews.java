package io.manul.kubelet.server;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the API whose a token is and what somebody may (TokenReview, SubjectAccessReview), and remembers the answers for as long as
 * upstream's kubelet does: tokens 2 min, yes 5 min, no 30 s. Safe from any thread.
 */
final class Reviews {

    private static final Duration TOKEN = Duration.ofMinutes(2);
    private static final Duration ALLOWED = Duration.ofMinutes(5);
    private static final Duration DENIED = Duration.ofSeconds(30);
    private static final int MOST = 256;

    /** Whose a request is. */
    record Caller(String user, List<String> groups) {
    }

    private record Kept<T>(T value, Instant until) {
    }

    private final Cluster cluster;
    private final String node;
    private final InstantSource clock;
    private final Map<String, Kept<Optional<Caller>>> tokens = bounded();
    private final Map<String, Kept<Boolean>> answers = bounded();

    Reviews(Cluster cluster, String node, InstantSource clock) {
        this.cluster = cluster;
        this.node = node;
        this.clock = clock;
    }

    private static <T> Map<String, T> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > MOST;
            }
        };
    }

    /** Empty: nobody's. */
    Optional<Caller> token(String token) throws ClusterException, InterruptedException {
        String key = digest(token); // the token itself is kept nowhere
        Optional<Optional<Caller>> known = kept(tokens, key);
        if (known.isPresent()) {
            return known.get();
        }
        Obj status = cluster.raw("POST", "/apis/authentication.k8s.io/v1/tokenreviews", Obj.of("apiVersion", "authentication.k8s.io/v1",
                "kind", "TokenReview", "spec", Obj.of("token", token))).at("status");
        Optional<Caller> caller = status.flag("authenticated") ? Optional.of(new Caller(status.text("user", "username"),
                status.strings("user", "groups"))) : Optional.empty();
        keep(tokens, key, caller, caller.isPresent() ? TOKEN : DENIED);
        return caller;
    }

    /** @param subresource of this node: metrics, stats, proxy, ... */
    boolean allowed(Caller caller, String verb, String subresource) throws ClusterException, InterruptedException {
        String key = caller + " " + verb + " " + subresource;
        Optional<Boolean> known = kept(answers, key);
        if (known.isPresent()) {
            return known.get();
        }
        Obj spec = Obj.of("user", caller.user(), "groups", caller.groups(), "resourceAttributes", Obj.of("verb", verb, "version", "v1",
                "resource", "nodes", "subresource", subresource, "name", node));
        boolean allowed = cluster.raw("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", Obj.of("apiVersion", "authorization.k8s.io/v1",
                "kind", "SubjectAccessReview", "spec", spec)).flag("status", "allowed");
        keep(answers, key, allowed, allowed ? ALLOWED : DENIED);
        return allowed;
    }

    private <T> Optional<T> kept(Map<String, Kept<T>> in, String key) {
        synchronized (in) {
            Kept<T> k = in.get(key);
            return k == null || clock.instant().isAfter(k.until) ? Optional.empty() : Optional.of(k.value);
        }
    }

    private <T> void keep(Map<String, Kept<T>> in, String key, T value, Duration length) {
        synchronized (in) {
            in.put(key, new Kept<>(value, clock.instant().plus(length)));
        }
    }

    private static String digest(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256 in this JDK", e);
        }
    }
}
