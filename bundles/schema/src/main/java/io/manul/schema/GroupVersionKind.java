package io.manul.schema;

/** A kind by its full name. @param group empty for core */
public record GroupVersionKind(String group, String version, String kind) {

    /** As {@code apiVersion} has it: {@code v1}, {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
