package io.manul.helm.template;

import java.util.List;

/** An entry of {@code dependencies} in Chart.yaml (or requirements.yaml). */
public record Dependency(String name, String version, String repository, String condition, List<String> tags,
        List<Object> importValues, String alias) {

    /** The name its values stand under. */
    public String key() {
        return alias.isEmpty() ? name : alias;
    }
}
