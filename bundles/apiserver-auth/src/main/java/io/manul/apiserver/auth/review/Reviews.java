package io.manul.apiserver.auth.review;

import io.manul.apiserver.auth.authn.ServiceAccountTokens;
import io.manul.apiserver.auth.rbac.RbacAuthorizer;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Authorizer;
import io.manul.apiserver.spi.Decision;
import io.manul.apiserver.spi.User;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Kinds that are asked, not stored: access reviews and token reviews. Each answers with its status filled in. */
public final class Reviews {

    private final Authorizer authorizer;
    private final RbacAuthorizer rbac;
    private final ServiceAccountTokens tokens;

    public Reviews(Authorizer authorizer, RbacAuthorizer rbac, ServiceAccountTokens tokens) {
        this.authorizer = authorizer;
        this.rbac = rbac;
        this.tokens = tokens;
    }

    /** @param kind of the review; @param namespace for LocalSubjectAccessReview */
    public Obj answer(String kind, String namespace, Obj review, User asking) throws ApiException {
        Obj answer = review.copy();
        if (!answer.has("metadata")) {
            answer.put("metadata", Obj.of());
        }
        answer.put("status", switch (kind) {
            case "SelfSubjectAccessReview" -> access(answer.at("spec"), asking);
            case "SubjectAccessReview" -> access(answer.at("spec"), subject(answer.at("spec")));
            case "LocalSubjectAccessReview" -> local(answer, namespace);
            case "SelfSubjectRulesReview" -> rules(answer.at("spec"), asking);
            case "SelfSubjectReview" -> Obj.of("userInfo", info(asking));
            case "TokenReview" -> token(answer.at("spec"));
            default -> throw ApiException.noResource();
        });
        return answer;
    }

    private static User subject(Obj spec) throws ApiException {
        if (spec.text("user").isEmpty() && spec.strings("groups").isEmpty()) {
            throw ApiException.badRequest("at least one of user or group must be specified");
        }
        Map<String, List<String>> extra = new HashMap<>();
        spec.at("extra").map().keySet().forEach(k -> extra.put(k, spec.strings("extra", k)));
        return new User(spec.text("user"), spec.text("uid"), spec.strings("groups"), extra);
    }

    private Obj local(Obj review, String namespace) throws ApiException {
        String asked = review.text("spec", "resourceAttributes", "namespace");
        if (!asked.equals(namespace)) {
            throw ApiException.badRequest("spec.resourceAttributes.namespace must match namespace: " + namespace);
        }
        return access(review.at("spec"), subject(review.at("spec")));
    }

    private Obj access(Obj spec, User user) throws ApiException {
        Optional<Obj> resource = spec.object("resourceAttributes");
        Optional<Obj> path = spec.object("nonResourceAttributes");
        if (resource.isPresent() == path.isPresent()) {
            throw ApiException.badRequest("exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        Attributes a = resource.map(r -> new Attributes(user, r.text("verb"), r.text("group"), r.text("version"), r.text("resource"),
                r.text("subresource"), r.text("namespace"), r.text("name"), "", true))
                .orElseGet(() -> new Attributes(user, path.get().text("verb"), "", "", "", "", "", "", path.get().text("path"), false));
        Decision d = authorizer.authorize(a);
        return Obj.of("allowed", d.allowed(), "denied", d.kind() == Decision.Kind.DENY ? true : null,
                "reason", d.reason().isEmpty() ? null : d.reason());
    }

    private Obj rules(Obj spec, User asking) throws ApiException {
        if (spec.text("namespace").isEmpty()) {
            throw ApiException.badRequest("no namespace on request");
        }
        return rbac.rules(asking, spec.text("namespace"));
    }

    private static Obj info(User u) {
        Obj extra = Obj.of();
        u.extra().forEach(extra::put);
        return Obj.of("username", u.name(), "uid", u.uid().isEmpty() ? null : u.uid(), "groups", u.groups(),
                "extra", extra.isEmpty() ? null : extra);
    }

    private Obj token(Obj spec) throws ApiException {
        if (spec.text("token").isEmpty()) {
            throw ApiException.badRequest("token is required for TokenReview in authentication");
        }
        List<String> audiences = spec.strings("audiences");
        Optional<User> user = tokens.verify(spec.text("token"), audiences);
        if (user.isEmpty()) {
            return Obj.of("user", Obj.of(), "error", "invalid bearer token");
        }
        List<String> groups = new ArrayList<>(user.get().groups());
        groups.add("system:authenticated");
        return Obj.of("authenticated", true, "user", info(new User(user.get().name(), user.get().uid(), groups, user.get().extra())),
                "audiences", audiences.isEmpty() ? List.of(tokens.issuer()) : audiences);
    }
}
