package io.manul.network.ingress;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** What all Ingresses together ask for. @param ways one a key */
record Picture(Map<String, Way> exact, Map<String, Way> prefix, Map<BackendKey, SortedSet<Pod>> backends, List<Certificate> certificates,
        List<Trouble> troubles) {

    boolean isEmpty() {
        return exact.isEmpty() && prefix.isEmpty();
    }
}
