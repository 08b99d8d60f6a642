package io.manul.apiserver.auth.authn;

import io.manul.api.pki.Pki;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Reader;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Bound service-account tokens (KEP-1205; TokenRequest, authentication.k8s.io/v1): issued and verified. */
public final class ServiceAccountTokens {

    private static final long LEAST_SECONDS = 600;
    private static final long MOST_SECONDS = 1L << 32;
    /** A token of kube-api-access lives a year; clients are warned when they use it after its hour (KEP-1205). */
    private static final long WARN_SECONDS = 3607;
    private static final long EXTENDED_SECONDS = 365L * 24 * 3600;

    /** A token outlives the deletion of what it is bound to by this, as upstream. */
    private static final long LEEWAY_SECONDS = 60;

    private final Pki pki;
    private final Reader reader;
    private final InstantSource clock;
    private final String issuer;

    public ServiceAccountTokens(Pki pki, Reader reader, InstantSource clock, String clusterDomain) {
        this.pki = pki;
        this.reader = reader;
        this.clock = clock;
        this.issuer = "https://kubernetes.default.svc." + clusterDomain;
    }

    public String issuer() {
        return issuer;
    }

    public Obj keySet() {
        return Jws.keySet(pki.serviceAccountKey().getPublic());
    }

    /** {@code /.well-known/openid-configuration}. */
    public Obj configuration(String serverUrl) {
        return Obj.of("issuer", issuer, "jwks_uri", serverUrl + "/openid/v1/jwks", "response_types_supported", List.of("id_token"),
                "subject_types_supported", List.of("public"), "id_token_signing_alg_values_supported", List.of("RS256"));
    }

    /** Answers a TokenRequest for a service account; the time told is the one asked for, so that kubelets refresh in time. */
    public Obj issue(String namespace, String name, Obj request) throws ApiException {
        Obj account = reader.get("", "serviceaccounts", namespace, name)
                .orElseThrow(() -> ApiException.notFound("", "serviceaccounts", name));
        long seconds = request.number("spec", "expirationSeconds").orElse(3600);
        check(request, seconds, name);
        Obj kubernetes = Obj.of("namespace", namespace);
        bind(namespace, name, request.at("spec", "boundObjectRef"), kubernetes);
        kubernetes.put("serviceaccount", Obj.of("name", name, "uid", account.uid()));
        List<String> audiences = request.strings("spec", "audiences");
        if (audiences.isEmpty()) {
            audiences = List.of(issuer);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        long life = seconds;
        if (seconds == WARN_SECONDS && audiences.equals(List.of(issuer)) && kubernetes.has("pod")) {
            life = EXTENDED_SECONDS;
            kubernetes.put("warnafter", now.getEpochSecond() + seconds);
        }
        Obj claims = Obj.of("aud", audiences, "exp", now.getEpochSecond() + life, "iat", now.getEpochSecond(), "iss", issuer,
                "jti", UUID.randomUUID().toString(), "kubernetes.io", kubernetes, "nbf", now.getEpochSecond(),
                "sub", "system:serviceaccount:" + namespace + ":" + name);
        Obj answer = request.copy().put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        answer.make("metadata").put("name", name).put("namespace", namespace).put("creationTimestamp", now.toString());
        answer.set(audiences, "spec", "audiences");
        answer.set(seconds, "spec", "expirationSeconds");
        answer.put("status", Obj.of("token", Jws.sign(pki.serviceAccountKey(), claims), "expirationTimestamp", now.plusSeconds(seconds).toString()));
        return answer;
    }

    private static void check(Obj request, long seconds, String name) throws ApiException {
        FieldErrors errors = new FieldErrors();
        if (seconds < LEAST_SECONDS) {
            errors.invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        } else if (seconds > MOST_SECONDS) {
            errors.invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid("authentication.k8s.io", "TokenRequest", request.name().isEmpty() ? name : request.name(), errors);
        }
    }

    private void bind(String namespace, String account, Obj ref, Obj kubernetes) throws ApiException {
        if (ref.isEmpty()) {
            return;
        }
        String resource = switch (ref.text("kind")) {
            case "Pod" -> "pods";
            case "Secret" -> "secrets";
            case "Node" -> "nodes";
            default -> throw ApiException.badRequest("cannot bind token to object of type " + ref.text("apiVersion") + ", Kind=" + ref.text("kind"));
        };
        Obj bound = reader.get("", resource, resource.equals("nodes") ? "" : namespace, ref.text("name"))
                .orElseThrow(() -> ApiException.notFound("", resource, ref.text("name")));
        if (!ref.text("uid").isEmpty() && !ref.text("uid").equals(bound.uid())) {
            throw ApiException.conflict("", resource, ref.text("name"), "the UID in the bound object reference (" + ref.text("uid")
                    + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        kubernetes.put(resource.substring(0, resource.length() - 1), Obj.of("name", bound.name(), "uid", bound.uid()));
        if (resource.equals("pods")) {
            if (!bound.text("spec", "serviceAccountName").equals(account)) {
                throw ApiException.badRequest("cannot bind token for serviceaccount \"" + account + "\" to pod running with different serviceaccount name.");
            }
            String node = bound.text("spec", "nodeName");
            Optional<Obj> object = node.isEmpty() ? Optional.empty() : reader.get("", "nodes", "", node);
            object.ifPresent(n -> kubernetes.put("node", Obj.of("name", n.name(), "uid", n.uid())));
        }
    }

    /** @param audiences those of the asked ones that the token is for */
    public record Verified(User user, List<String> audiences) {
        public Verified {
            audiences = List.copyOf(audiences);
        }
    }

    /** @param audiences what the token must be for (one of them); empty: this API server */
    public Optional<User> verify(String token, List<String> audiences) throws ApiException {
        return review(token, audiences).map(Verified::user);
    }

    /** @param audiences what the token must be for (one of them); empty: this API server */
    public Optional<Verified> review(String token, List<String> audiences) throws ApiException {
        Optional<Obj> verified = Jws.verify(pki.serviceAccountKey().getPublic(), token);
        if (verified.isEmpty()) {
            return Optional.empty();
        }
        Obj claims = verified.get();
        long now = clock.instant().getEpochSecond();
        List<String> meant = claims.strings("aud");
        List<String> common = (audiences.isEmpty() ? List.of(issuer) : audiences).stream().filter(meant::contains).distinct().toList();
        boolean timely = now < claims.number("exp").orElse(0) && now >= claims.number("nbf").orElse(Long.MAX_VALUE);
        if (!timely || !claims.text("iss").equals(issuer) || common.isEmpty()) {
            return Optional.empty();
        }
        return user(claims.at("kubernetes.io"), claims.text("jti")).map(u -> new Verified(u, common));
    }

    private Optional<User> user(Obj k, String id) throws ApiException {
        String namespace = k.text("namespace");
        String name = k.text("serviceaccount", "name");
        if (!same("serviceaccounts", namespace, k.at("serviceaccount"))) {
            return Optional.empty();
        }
        for (Map.Entry<String, String> kind : Map.of("pod", "pods", "secret", "secrets", "node", "nodes").entrySet()) {
            // the node of a bound pod is only told, the pod is what counts
            if (k.has(kind.getKey()) && !(kind.getKey().equals("node") && k.has("pod"))
                    && !same(kind.getValue(), kind.getKey().equals("node") ? "" : namespace, k.at(kind.getKey()))) {
                return Optional.empty();
            }
        }
        Map<String, List<String>> extra = new LinkedHashMap<>();
        extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        for (String kind : List.of("pod", "node")) {
            if (k.has(kind)) {
                extra.put("authentication.kubernetes.io/" + kind + "-name", List.of(k.text(kind, "name")));
                extra.put("authentication.kubernetes.io/" + kind + "-uid", List.of(k.text(kind, "uid")));
            }
        }
        return Optional.of(new User("system:serviceaccount:" + namespace + ":" + name, k.text("serviceaccount", "uid"),
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace), extra));
    }

    /** The object that a token speaks of is still the same one, and not gone for longer than {@value #LEEWAY_SECONDS} s. */
    private boolean same(String resource, String namespace, Obj ref) throws ApiException {
        Optional<Obj> found = reader.get("", resource, namespace, ref.text("name"));
        return found.isPresent() && found.get().uid().equals(ref.text("uid")) && !ref.text("uid").isEmpty() && !gone(found.get());
    }

    private boolean gone(Obj object) {
        if (!object.deleting()) {
            return false;
        }
        try {
            return Instant.parse(object.text("metadata", "deletionTimestamp")).plusSeconds(LEEWAY_SECONDS).isBefore(clock.instant());
        } catch (DateTimeParseException e) {
            return true; // when it goes is not known, that it goes is
        }
    }
}
