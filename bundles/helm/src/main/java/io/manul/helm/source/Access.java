package io.manul.helm.source;

import java.util.Optional;

/**
 * How a place that charts come from is reached.
 *
 * @param user         basic credentials, {@code user:password}; sent to the repository's own host only unless {@code passToAll}
 * @param dockerConfig content of {@code .dockerconfigjson}
 * @param ca           certificates (PEM) beside the system's
 */
public record Access(Optional<String> user, boolean passToAll, Optional<String> dockerConfig, Optional<String> ca, boolean insecure, boolean plainHttp) {

    public static final Access OPEN = new Access(Optional.empty(), false, Optional.empty(), Optional.empty(), false, false);

    /** Never the secrets. */
    @Override
    public String toString() {
        return "Access[insecure=" + insecure + ", plainHttp=" + plainHttp + "]";
    }
}
