package io.manul.apiserver.engine.crd;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which names a definition may have: each one once in its group (upstream's naming controller). Stateless. */
final class CrdNames {

    /** Why names were not accepted. */
    record Conflict(String reason, String message) {
    }

    private CrdNames() {
    }

    /** The names that the other definitions of a group have. Filled, then read. */
    static final class Taken {
        private final Set<String> resources = new HashSet<>();
        private final Set<String> kinds = new HashSet<>();

        /** @param other a stored definition, of whatever group, maybe the same one */
        void add(Obj crd, Obj other) {
            if (!other.name().equals(crd.name()) && other.text("spec", "group").equals(crd.text("spec", "group"))) {
                Obj names = other.at("status", "acceptedNames");
                resources.addAll(List.of(names.text("plural"), names.text("singular")));
                resources.addAll(names.strings("shortNames"));
                kinds.addAll(List.of(names.text("kind"), names.text("listKind")));
            }
        }
    }

    /** Takes over the names that are free; the others stay as they were. */
    static Optional<Conflict> accept(Obj crd, Obj accepted, Taken taken) {
        Obj wanted = crd.at("spec", "names");
        List<Conflict> conflicts = new ArrayList<>();
        one(wanted, accepted, "plural", "Plural", taken.resources, conflicts);
        one(wanted, accepted, "singular", "Singular", taken.resources, conflicts);
        shortNames(wanted, accepted, taken.resources, conflicts);
        one(wanted, accepted, "kind", "Kind", taken.kinds, conflicts);
        one(wanted, accepted, "listKind", "ListKind", taken.kinds, conflicts);
        List<String> categories = wanted.strings("categories");
        accepted.put("categories", categories.isEmpty() ? null : categories);
        return conflicts.isEmpty() ? Optional.empty() : Optional.of(conflicts.getLast());
    }

    private static void one(Obj wanted, Obj accepted, String field, String what, Set<String> taken, List<Conflict> conflicts) {
        String name = wanted.text(field);
        if (!name.isEmpty() && taken.contains(name)) {
            conflicts.add(new Conflict(what + "Conflict", "\"" + name + "\" is already in use"));
        } else {
            accepted.put(field, name);
        }
    }

    private static void shortNames(Obj wanted, Obj accepted, Set<String> taken, List<Conflict> conflicts) {
        List<String> names = wanted.strings("shortNames");
        Optional<String> used = names.stream().filter(taken::contains).findFirst();
        if (used.isPresent()) {
            conflicts.add(new Conflict("ShortNamesConflict", "\"" + used.get() + "\" is already in use"));
        } else {
            accepted.put("shortNames", names.isEmpty() ? null : names);
        }
    }
}
