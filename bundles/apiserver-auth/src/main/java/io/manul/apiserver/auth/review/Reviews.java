package io.manul.apiserver.auth.review;

import io.manul.apiserver.auth.authn.ServiceAccountTokens;
import io.manul.apiserver.auth.authn.ServiceAccountTokens.Verified;
import io.manul.apiserver.auth.rbac.RbacAuthorizer;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Authorizer;
import io.manul.apiserver.spi.Decision;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.FieldSelector;
import io.manul.apiserver.spi.FieldSelector.Term;
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
            case "SelfSubjectAccessReview" -> access(kind, namespace, answer, asking);
            case "SubjectAccessReview", "LocalSubjectAccessReview" -> access(kind, namespace, answer, subject(answer.at("spec")));
            case "SelfSubjectRulesReview" -> rules(answer.at("spec"), asking);
            case "SelfSubjectReview" -> Obj.of("userInfo", info(asking));
            case "TokenReview" -> token(answer.at("spec"));
            default -> throw ApiException.noResource();
        });
        return answer;
    }

    private static User subject(Obj spec) {
        Map<String, List<String>> extra = new HashMap<>();
        spec.at("extra").map().keySet().forEach(k -> extra.put(k, spec.strings("extra", k)));
        return new User(spec.text("user"), spec.text("uid"), spec.strings("groups"), extra);
    }

    /** As upstream: all that is wrong at once, 422. */
    private static void check(String kind, String namespace, Obj review) throws ApiException {
        FieldErrors errors = new FieldErrors();
        Obj spec = review.at("spec");
        boolean local = kind.equals("LocalSubjectAccessReview");
        boolean path = spec.object("nonResourceAttributes").isPresent();
        boolean resource = spec.object("resourceAttributes").isPresent();
        if (path && resource) {
            errors.invalid("spec.nonResourceAttributes", spec.get("nonResourceAttributes"),
                    "cannot be specified in combination with resourceAttributes");
        } else if (!path && !resource) {
            errors.invalid("spec.resourceAttributes", "null",
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        if (!kind.equals("SelfSubjectAccessReview") && spec.text("user").isEmpty() && spec.strings("groups").isEmpty()) {
            errors.invalid("spec.user", "", "at least one of user or group must be specified");
        }
        if (!bare(review.at("metadata"), local)) {
            errors.invalid("metadata", review.get("metadata"), local ? "must be empty except for namespace" : "must be empty");
        }
        if (local && resource && !spec.text("resourceAttributes", "namespace").equals(namespace)) {
            errors.invalid("spec.resourceAttributes.namespace", spec.text("resourceAttributes", "namespace"), "must match metadata.namespace");
        }
        for (String selector : List.of("fieldSelector", "labelSelector")) {
            Obj given = spec.at("resourceAttributes", selector);
            if (!given.text("rawSelector").isEmpty() && !given.objects("requirements").isEmpty()) {
                errors.invalid("spec.resourceAttributes." + selector + ".rawSelector", given.text("rawSelector"),
                        "may not specified at the same time as requirements");
            }
        }
        if (local && path) {
            errors.invalid("spec.nonResourceAttributes", spec.get("nonResourceAttributes"), "disallowed on this kind of request");
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid("authorization.k8s.io", kind, "", errors);
        }
    }

    private static boolean bare(Obj metadata, boolean local) {
        return metadata.map().entrySet().stream().allMatch(e -> e.getKey().equals("managedFields") || local && e.getKey().equals("namespace")
                || e.getValue() == null || e.getValue().equals("") || e.getValue() instanceof Map<?, ?> m && m.isEmpty()
                || e.getValue() instanceof List<?> l && l.isEmpty());
    }

    private Obj access(String kind, String namespace, Obj review, User user) throws ApiException {
        check(kind, namespace, review);
        Obj spec = review.at("spec");
        Attributes a = spec.object("resourceAttributes").map(r -> new Attributes(user, r.text("verb"), r.text("group"), r.text("version"),
                r.text("resource"), r.text("subresource"), r.text("namespace"), r.text("name"), "", true, fields(r.at("fieldSelector"))))
                .orElseGet(() -> new Attributes(user, spec.text("nonResourceAttributes", "verb"), "", "", "", "", "", "",
                        spec.text("nonResourceAttributes", "path"), false));
        Decision d = authorizer.authorize(a);
        return Obj.of("allowed", d.allowed(), "denied", d.kind() == Decision.Kind.DENY ? true : null,
                "reason", d.reason().isEmpty() ? null : d.reason());
    }

    /** What is not understood limits nothing (API reference, FieldSelectorAttributes). */
    private static FieldSelector fields(Obj selector) {
        if (!selector.text("rawSelector").isEmpty()) {
            try {
                return FieldSelector.parse(selector.text("rawSelector"));
            } catch (ApiException e) {
                return FieldSelector.ALL;
            }
        }
        List<Term> terms = new ArrayList<>();
        for (Obj r : selector.objects("requirements")) {
            List<String> values = r.strings("values");
            boolean in = r.text("operator").equals("In");
            if (values.size() == 1 && (in || r.text("operator").equals("NotIn"))) {
                terms.add(new Term(r.text("key"), in, values.getFirst()));
            }
        }
        return FieldSelector.of(terms);
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
        Optional<Verified> verified = tokens.review(spec.text("token"), audiences);
        if (verified.isEmpty()) {
            return Obj.of("user", Obj.of(), "error", "invalid bearer token");
        }
        User user = verified.get().user();
        List<String> groups = new ArrayList<>(user.groups());
        groups.add("system:authenticated");
        return Obj.of("authenticated", true, "user", info(new User(user.name(), user.uid(), groups, user.extra())),
                "audiences", verified.get().audiences());
    }
}
