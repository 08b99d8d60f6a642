package io.manul.schema;

/**
 * One version of one group.
 *
 * @param group empty for core
 * @param preferred the version of its group that clients should take, among the served ones
 * @param served false for alpha and beta versions, which a v1.36 apiserver does not serve unless told to
 */
public record GroupVersion(String group, String version, boolean preferred, boolean served) {

    /** As {@code apiVersion} has it: {@code v1}, {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
