package io.manul.network.ingress;

/** One rule: host (empty: any; {@code *.x}: one label before x) and path to a backend. Names may stand twice: the oldest Ingress wins. */
record Way(String host, String path, boolean exact, BackendKey backend, Options options) {

    /** Of the way for what no rule takes. */
    static final String DEFAULT = "@";

    /**
     * The key that a request is looked up by: exact as it is; prefix with a slash at its end, and so is the request's path, so that
     * whole elements are compared.
     */
    String key() {
        if (host.equals(DEFAULT)) {
            return DEFAULT;
        }
        return exact ? host + path : host + (path.endsWith("/") ? path : path + "/");
    }
}
