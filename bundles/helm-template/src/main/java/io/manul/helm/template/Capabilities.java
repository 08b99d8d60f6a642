package io.manul.helm.template;

import java.util.List;

/**
 * What {@code .Capabilities} says.
 *
 * @param kubeVersion the server's, {@code v1.36.2}
 * @param apiVersions {@code apps/v1} and {@code apps/v1/Deployment} alike
 */
public record Capabilities(String kubeVersion, List<String> apiVersions) {

    /** The Helm whose behaviour this is. */
    public static final String HELM_VERSION = "v3.21.0";

    public Capabilities {
        apiVersions = List.copyOf(apiVersions);
    }

    /** {@code 1} of {@code v1.36.2}. */
    public String major() {
        return part(0);
    }

    public String minor() {
        return part(1);
    }

    private String part(int index) {
        String[] parts = kubeVersion.replaceFirst("^v", "").split("[.+-]");
        return index < parts.length ? parts[index] : "";
    }
}
