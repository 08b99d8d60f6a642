package io.manul.client;

/** How a patch body is meant. */
public enum Patch {
    JSON("application/json-patch+json"),
    MERGE("application/merge-patch+json"),
    STRATEGIC("application/strategic-merge-patch+json"),
    APPLY("application/apply-patch+yaml");

    private final String contentType;

    Patch(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }
}
