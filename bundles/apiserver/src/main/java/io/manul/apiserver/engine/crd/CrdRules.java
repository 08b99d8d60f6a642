package io.manul.apiserver.engine.crd;

import io.manul.apiserver.engine.validation.Names;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.json.Obj;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of a definition's spec (API reference, CustomResourceDefinitionSpec). Stateless. */
final class CrdRules {

    private static final Set<String> SCOPES = Set.of("Cluster", "Namespaced");
    private static final Set<String> STRATEGIES = Set.of("None", "Webhook");
    private static final int MOST_LABEL = 63;
    private static final Pattern LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final String LABEL_RULE = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
            + "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
            + "'[a-z]([-a-z0-9]*[a-z0-9])?')";

    private CrdRules() {
    }

    static void check(Obj crd, FieldErrors errors) {
        Obj spec = crd.at("spec");
        String name = spec.text("names", "plural") + "." + spec.text("group");
        if (!crd.name().equals(name)) {
            errors.invalid("metadata.name", crd.name(), "must be spec.names.plural+\".\"+spec.group");
        }
        group(crd, spec.text("group"), errors);
        if (spec.text("scope").isEmpty()) {
            errors.required("spec.scope", "");
        } else if (!SCOPES.contains(spec.text("scope"))) {
            errors.notSupported("spec.scope", spec.text("scope"), SCOPES);
        }
        if (spec.flag("preserveUnknownFields")) {
            errors.invalid("spec.preserveUnknownFields", true, "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
                    + "spec.versions[*].schema instead");
        }
        if (!STRATEGIES.contains(spec.text("conversion", "strategy"))) {
            errors.notSupported("spec.conversion.strategy", spec.text("conversion", "strategy"), STRATEGIES);
        } else if (spec.has("conversion", "webhook")) {
            errors.forbidden("spec.conversion.webhook", "should not be set when strategy is not set to Webhook");
        }
        names(spec.at("names"), errors);
        versions(spec.objects("versions"), errors);
    }

    private static void group(Obj crd, String group, FieldErrors errors) {
        if (group.isEmpty()) {
            errors.required("spec.group", "");
            return;
        }
        Optional<String> wrong = Names.subdomain(group);
        if (wrong.isPresent()) {
            errors.invalid("spec.group", group, wrong.get());
        } else if (group.indexOf('.') < 0) {
            errors.invalid("spec.group", group, "should be a domain with at least one dot");
        }
        if (CrdStatus.isProtected(group)) {
            String at = "metadata.annotations[api-approved.kubernetes.io]";
            String text = CrdStatus.approval(crd);
            if (text.isEmpty()) {
                errors.required(at, "protected groups must have approval annotation \"api-approved.kubernetes.io\", see "
                        + "https://github.com/kubernetes/enhancements/pull/1111");
            } else if (!text.startsWith("unapproved") && !text.matches("https?://[^/\\s]+.*")) {
                errors.invalid(at, text, "protected groups must have approval annotation \"api-approved.kubernetes.io\" with either a URL "
                        + "or a reason starting with \"unapproved\", see https://github.com/kubernetes/enhancements/pull/1111");
            }
        }
    }

    // ---- names

    private static void names(Obj names, FieldErrors errors) {
        label("spec.names.plural", names.text("plural"), true, errors);
        label("spec.names.singular", names.text("singular"), false, errors);
        each("spec.names.shortNames", names.strings("shortNames"), errors);
        each("spec.names.categories", names.strings("categories"), errors);
        kind("spec.names.kind", names.text("kind"), errors);
        kind("spec.names.listKind", names.text("listKind"), errors);
        if (!names.text("kind").isEmpty() && names.text("kind").equals(names.text("listKind"))) {
            errors.invalid("spec.names.listKind", names.text("listKind"), "kind and listKind may not be the same");
        }
    }

    private static void each(String path, List<String> names, FieldErrors errors) {
        for (int i = 0; i < names.size(); i++) {
            label(path + "[" + i + "]", names.get(i), true, errors);
        }
    }

    private static void label(String path, String name, boolean required, FieldErrors errors) {
        if (name.isEmpty()) {
            if (required) {
                errors.required(path, "");
            }
        } else {
            wrong(name).ifPresent(why -> errors.invalid(path, name, why));
        }
    }

    private static void kind(String path, String kind, FieldErrors errors) {
        if (kind.isEmpty()) {
            errors.required(path, "");
        } else {
            wrong(kind.toLowerCase(Locale.ROOT)).ifPresent(why -> errors.invalid(path, kind,
                    "may have mixed case, but should otherwise match: " + why));
        }
    }

    private static Optional<String> wrong(String label) {
        if (label.length() > MOST_LABEL) {
            return Optional.of("must be no more than 63 bytes");
        }
        return LABEL.matcher(label).matches() ? Optional.empty() : Optional.of(LABEL_RULE);
    }

    // ---- versions

    private static void versions(List<Obj> versions, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        long storage = versions.stream().filter(v -> v.flag("storage")).count();
        List<String> all = versions.stream().map(v -> v.text("name")).toList();
        for (int i = 0; i < versions.size(); i++) {
            String path = "spec.versions[" + i + "]";
            String name = all.get(i);
            label(path + ".name", name, true, errors);
            if (!names.add(name)) {
                errors.invalid("spec.versions", all, "must contain unique version names");
            }
            VersionRules.check(versions.get(i), path, errors);
        }
        if (versions.isEmpty()) {
            errors.required("spec.versions", "");
        } else if (storage != 1) {
            errors.invalid("spec.versions", all, "must have exactly one version marked as storage version");
        }
    }
}
