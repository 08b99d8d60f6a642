package io.manul.apiserver.engine.sub;

import io.manul.apiserver.spi.ApiException;
import java.util.Optional;

/** {@code NAME}, {@code NAME:PORT} or {@code SCHEME:NAME:PORT} (Kubernetes, "Access Services Running on Clusters"). @param port may be empty */
record Named(boolean tls, String name, String port) {

    static Optional<Named> of(String id) {
        String[] parts = id.split(":", -1);
        return switch (parts.length) {
            case 1 -> named("", parts[0], "");
            case 2 -> named("", parts[0], parts[1]);
            case 3 -> named(parts[0], parts[1], parts[2]);
            default -> Optional.empty();
        };
    }

    private static Optional<Named> named(String scheme, String name, String port) {
        boolean known = scheme.isEmpty() || scheme.equals("http") || scheme.equals("https");
        return known && !name.isEmpty() ? Optional.of(new Named(scheme.equals("https"), name, port)) : Optional.empty();
    }

    int number() throws ApiException {
        try {
            int n = Integer.parseInt(port);
            if (n > 0 && n < 65536) {
                return n;
            }
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("port \"" + port + "\" is no number");
        }
        throw ApiException.badRequest("port " + port + " is not between 1 and 65535");
    }
}
