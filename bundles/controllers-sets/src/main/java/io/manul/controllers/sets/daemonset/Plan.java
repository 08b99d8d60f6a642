package io.manul.controllers.sets.daemonset;

import io.manul.json.Obj;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one pass makes and removes. */
final class Plan {

    /** Names of nodes. */
    final List<String> create = new ArrayList<>();
    final List<Obj> delete = new ArrayList<>();
    /** A failed pod waits for its turn. */
    Optional<Duration> again = Optional.empty();

    void later(Duration wait) {
        again = again.filter(d -> d.compareTo(wait) <= 0).or(() -> Optional.of(wait));
    }

    boolean isEmpty() {
        return create.isEmpty() && delete.isEmpty();
    }
}
