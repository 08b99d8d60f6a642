package io.manul.apiserver.openapi;

/** OpenAPI 2.0 and 3.0, which Kubernetes both publishes. */
enum Dialect {
    /** Plain references, no defaults, one type for each value. */
    V2("#/definitions/"),
    /** References with siblings in allOf, defaults, oneOf for values of two types. */
    V3("#/components/schemas/");

    private final String prefix;

    Dialect(String prefix) {
        this.prefix = prefix;
    }

    String ref(String type) {
        return prefix + type;
    }
}
