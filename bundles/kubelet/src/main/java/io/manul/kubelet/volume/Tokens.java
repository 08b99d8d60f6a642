package io.manul.kubelet.volume;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Resources;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/**
 * Service-account tokens bound to a pod (Kubernetes, "Managing Service Accounts", "Bound service account tokens"): a new one
 * after 80 % of its life, or after a day. The one in the pod's volume is the memory, so nothing is asked again after a restart.
 */
final class Tokens {

    private static final Duration MOST_AGE = Duration.ofHours(24);
    private static final long USUAL_SECONDS = 3607;

    private final Cluster cluster;
    private final InstantSource clock;

    Tokens(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    byte[] token(Pod pod, Obj source, Path present) throws ClusterException, InterruptedException, IOException {
        if (Files.isRegularFile(present)) {
            byte[] there = Files.readAllBytes(present);
            if (fresh(there)) {
                return there;
            }
        }
        String account = pod.spec().string("serviceAccountName").filter(s -> !s.isEmpty()).orElse("default");
        String audience = source.text("audience");
        Obj spec = Obj.of("expirationSeconds", source.number("expirationSeconds").orElse(USUAL_SECONDS),
                "audiences", audience.isEmpty() ? List.of() : List.of(audience),
                "boundObjectRef", Obj.of("apiVersion", "v1", "kind", "Pod", "name", pod.name(), "uid", pod.uid()));
        Obj answer = cluster.post(Resources.SERVICE_ACCOUNTS, pod.namespace(), account, "token",
                Obj.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest", "spec", spec));
        String token = answer.text("status", "token");
        if (token.isEmpty()) {
            throw new IOException("the API gave no token for service account " + pod.namespace() + "/" + account);
        }
        return token.getBytes(StandardCharsets.UTF_8);
    }

    boolean fresh(byte[] token) {
        String[] parts = new String(token, StandardCharsets.US_ASCII).split("\\.");
        if (parts.length != 3) {
            return false;
        }
        try {
            Obj claims = Obj.parse(Base64.getUrlDecoder().decode(parts[1]));
            long issued = claims.number("iat").orElse(0);
            long expires = claims.number("exp").orElse(0);
            Instant now = clock.instant();
            return now.getEpochSecond() < issued + (expires - issued) * 8 / 10
                    && now.isBefore(Instant.ofEpochSecond(issued).plus(MOST_AGE));
        } catch (IllegalArgumentException | JsonException e) {
            return false; // no token of ours: ask for one
        }
    }
}
