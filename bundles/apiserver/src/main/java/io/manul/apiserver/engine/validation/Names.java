package io.manul.apiserver.engine.validation;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Object names (Kubernetes, "Object Names and IDs"): which rule a resource's names follow, and what is wrong with one. */
public final class Names {

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern RFC1123_LABEL = Pattern.compile(LABEL);
    private static final Pattern RFC1123_SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    /** Services too: RelaxedServiceNameValidation (KEP-5311) is on in 1.36. */
    private static final Set<String> LABELS = Set.of("namespaces", "services");
    private static final Set<String> PATH_SEGMENTS = Set.of("roles.rbac.authorization.k8s.io",
            "rolebindings.rbac.authorization.k8s.io", "clusterroles.rbac.authorization.k8s.io",
            "clusterrolebindings.rbac.authorization.k8s.io", "ipaddresses.networking.k8s.io");

    private Names() {
    }

    /** Why a name is not valid; empty when it is. @param groupResource {@code deployments.apps} */
    public static Optional<String> wrong(String groupResource, String name) {
        if (PATH_SEGMENTS.contains(groupResource)) {
            return pathSegment(name);
        }
        if (LABELS.contains(groupResource)) {
            return label(name);
        }
        return subdomain(name);
    }

    public static Optional<String> subdomain(String name) {
        if (name.length() > 253) {
            return Optional.of("must be no more than 253 bytes");
        }
        return RFC1123_SUBDOMAIN.matcher(name).matches() ? Optional.empty() : Optional.of(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
                + "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    public static Optional<String> label(String name) {
        if (name.length() > 63) {
            return Optional.of("must be no more than 63 bytes");
        }
        return RFC1123_LABEL.matcher(name).matches() ? Optional.empty() : Optional.of(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
                + "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
                + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    }

    private static Optional<String> pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("may not be '" + name + "'");
        }
        if (name.length() > 253) {
            return Optional.of("must be no more than 253 bytes");
        }
        return name.indexOf('/') >= 0 || name.indexOf('%') >= 0
                ? Optional.of("may not contain '" + (name.indexOf('/') >= 0 ? "/" : "%") + "'") : Optional.empty();
    }
}
