package io.manul.controllers.sets.statefulset;

import io.manul.json.Obj;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which pods a rolling update takes next: from the highest ordinal down to the partition, one at a time, or
 * {@code maxUnavailable} (KEP-961). Pure.
 */
final class Updates {

    private Updates() {
    }

    /** Places in the list. @param replicas by ordinal */
    static List<Integer> next(Obj set, List<Obj> replicas, String revision, Instant now) {
        Obj rolling = set.at("spec", "updateStrategy", "rollingUpdate");
        int least = (int) rolling.number("partition").orElse(0);
        return rolling.has("maxUnavailable") ? several(set, replicas, revision, least, limit(rolling.get("maxUnavailable"), replicas.size()), now)
                : one(set, replicas, revision, least, now);
    }

    private static List<Integer> one(Obj set, List<Obj> replicas, String revision, int least, Instant now) {
        for (int i = replicas.size() - 1; i >= least; i--) {
            Obj pod = replicas.get(i);
            if (old(pod, revision)) {
                return List.of(i);
            }
            if (Condition.unavailable(set, pod, now)) {
                return List.of();
            }
        }
        return List.of();
    }

    private static List<Integer> several(Obj set, List<Obj> replicas, String revision, int least, long limit, Instant now) {
        long room = limit - replicas.stream().filter(p -> Condition.unavailable(set, p, now)).count();
        List<Integer> next = new ArrayList<>();
        for (int i = replicas.size() - 1; i >= least && next.size() < room; i--) {
            if (old(replicas.get(i), revision)) {
                next.add(i);
            }
        }
        return next;
    }

    private static boolean old(Obj pod, String revision) {
        return !Identity.revision(pod).equals(revision) && !pod.deleting();
    }

    /** A percentage is rounded down; at least one. */
    static long limit(Object share, int replicas) {
        long n = switch (share) {
            case Long l -> l;
            case String s when s.matches("[0-9]{1,9}%") -> Long.parseLong(s.substring(0, s.length() - 1)) * replicas / 100;
            case null, default -> 1;
        };
        return Math.max(1, n);
    }
}
