package io.manul.apiserver.spi;

import java.util.List;
import java.util.Map;

/** Who asks (Kubernetes, "Authenticating"): name, uid, groups, extra. */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public User {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    public User(String name, List<String> groups) {
        this(name, "", groups, Map.of());
    }
}
