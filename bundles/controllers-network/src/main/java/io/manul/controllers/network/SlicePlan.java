package io.manul.controllers.network;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to change so that the slices that are there hold the endpoints that should be, with few writes (KEP-752): an endpoint
 * stays in its slice, a new one goes where something changes anyway, then where there is room, then into a new slice; slices
 * that would go are used for ones that would come. One empty slice may stay as a placeholder. Pure.
 */
final class SlicePlan {

    final List<Obj> create = new ArrayList<>();
    final List<Obj> update = new ArrayList<>();
    final List<Obj> delete = new ArrayList<>();

    /** A slice while it is planned. @param before as it is there */
    private record Draft(Obj before, List<Obj> endpoints) {
        boolean changed() {
            return !before.objects("endpoints").equals(endpoints);
        }

        int room() {
            return Slices.MOST_ENDPOINTS - endpoints.size();
        }
    }

    private final SliceOwner owner;
    private final List<Draft> kept = new ArrayList<>();
    private final List<Obj> spare = new ArrayList<>();

    private SlicePlan(SliceOwner owner) {
        this.owner = owner;
    }

    /** @param there slices of the owner's address type */
    static SlicePlan of(SliceOwner owner, Map<List<Obj>, List<Obj>> wanted, List<Obj> there) {
        SlicePlan plan = new SlicePlan(owner);
        Map<List<Obj>, List<Obj>> byPorts = new HashMap<>();
        there.forEach(s -> byPorts.computeIfAbsent(s.objects("ports"), p -> new ArrayList<>()).add(s));
        List<Obj> coming = new ArrayList<>();
        wanted.forEach((ports, endpoints) -> coming.addAll(plan.group(ports, endpoints, byPorts.getOrDefault(ports, List.of()))));
        byPorts.forEach((ports, slices) -> {
            if (!wanted.containsKey(ports)) {
                plan.spare.addAll(slices);
            }
        });
        if (wanted.isEmpty() && owner.placeholder()) {
            coming.add(owner.slice(List.of(), List.of()));
        }
        plan.settle(coming);
        return plan;
    }

    /** @return the new slices that these endpoints need */
    private List<Obj> group(List<Obj> ports, List<Obj> endpoints, List<Obj> slices) {
        Map<String, Obj> pending = new LinkedHashMap<>();
        endpoints.forEach(e -> pending.put(identity(e), e));
        List<Draft> drafts = new ArrayList<>();
        for (Obj slice : slices) {
            List<Obj> stay = new ArrayList<>();
            slice.objects("endpoints").forEach(e -> Optional.ofNullable(pending.remove(identity(e))).ifPresent(stay::add));
            drafts.add(new Draft(slice, stay));
        }
        List<Obj> left = new ArrayList<>(pending.values());
        drafts.stream().filter(Draft::changed).forEach(d -> fill(d, left));
        drafts.stream().filter(d -> !d.changed()).forEach(d -> fill(d, left));
        for (Draft d : drafts) {
            if (d.endpoints.isEmpty()) {
                spare.add(d.before);
            } else {
                kept.add(d);
            }
        }
        List<Obj> coming = new ArrayList<>();
        for (int i = 0; i < left.size(); i += Slices.MOST_ENDPOINTS) {
            coming.add(owner.slice(ports, left.subList(i, Math.min(left.size(), i + Slices.MOST_ENDPOINTS))));
        }
        return coming;
    }

    private static void fill(Draft d, List<Obj> left) {
        List<Obj> some = left.subList(0, Math.min(d.room(), left.size()));
        d.endpoints.addAll(some);
        some.clear();
    }

    private static String identity(Obj endpoint) {
        return endpoint.text("targetRef", "uid") + " " + endpoint.strings("addresses") + endpoint.text("hostname");
    }

    private void settle(List<Obj> coming) {
        for (Draft d : kept) {
            change(d.before, d.before.objects("ports"), d.endpoints);
        }
        for (Obj slice : coming) {
            if (spare.isEmpty()) {
                create.add(slice);
            } else {
                change(spare.removeFirst(), slice.objects("ports"), slice.objects("endpoints"));
            }
        }
        delete.addAll(spare);
    }

    private void change(Obj slice, List<Obj> ports, List<Obj> endpoints) {
        Obj labels = owner.labels();
        if (!slice.objects("ports").equals(ports) || !slice.objects("endpoints").equals(endpoints) || !slice.at("metadata", "labels").equals(labels)) {
            Obj next = slice.copy().put("ports", ports).put("endpoints", endpoints);
            next.set(labels, "metadata", "labels");
            owner.annotate(next, slice.objects("endpoints"));
            update.add(next);
        }
    }
}
