package io.manul.controllers.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlicePlanTest {

    private static final Obj SERVICE = Obj.of("metadata", Obj.of("name", "web", "namespace", "d", "uid", "s1"));
    private static final SliceOwner OWNER = SliceOwner.service(SERVICE, "IPv4", Map.of());
    private static final List<Obj> PORTS = List.of(Obj.of("name", "", "port", 80, "protocol", "TCP"));
    private int names;

    private static List<Obj> endpoints(int from, int to) {
        List<Obj> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            all.add(Obj.of("addresses", List.of("10.0." + i / 256 + "." + i % 256), "targetRef", Obj.of("uid", "p" + i)));
        }
        return all;
    }

    /** What is there after a plan was carried out. */
    private List<Obj> apply(SlicePlan plan, List<Obj> there) {
        List<Obj> next = new ArrayList<>(there);
        plan.delete.forEach(d -> next.removeIf(s -> s.name().equals(d.name())));
        for (Obj u : plan.update) {
            next.replaceAll(s -> s.name().equals(u.name()) ? u : s);
        }
        for (Obj c : plan.create) {
            next.add(c.copy().set("web-" + names++, "metadata", "name"));
        }
        return next;
    }

    private List<Obj> with(int from, int to) {
        return apply(SlicePlan.of(OWNER, Map.of(PORTS, endpoints(from, to)), List.of()), List.of());
    }

    @Test
    void aSliceHoldsAtMostAHundred() {
        List<Obj> slices = with(0, 250);
        assertEquals(List.of(100, 100, 50), slices.stream().map(s -> s.objects("endpoints").size()).toList());
    }

    @Test
    void whatIsRightIsNotWrittenAgain() {
        List<Obj> slices = with(0, 250);
        SlicePlan plan = SlicePlan.of(OWNER, Map.of(PORTS, endpoints(0, 250)), slices);
        assertEquals(0, plan.create.size() + plan.update.size() + plan.delete.size());
    }

    @Test
    void onePodMoreOrLessWritesOneSlice() {
        List<Obj> slices = with(0, 250);
        SlicePlan more = SlicePlan.of(OWNER, Map.of(PORTS, endpoints(0, 251)), slices);
        assertEquals(1, more.update.size());
        assertEquals(0, more.create.size());
        SlicePlan less = SlicePlan.of(OWNER, Map.of(PORTS, endpoints(1, 250)), slices);
        assertEquals(1, less.update.size());
        assertEquals(0, less.delete.size());
    }

    @Test
    void aReplacedPodGoesWhereOneLeft() {
        List<Obj> slices = with(0, 250);
        List<Obj> wanted = new ArrayList<>(endpoints(1, 250));
        wanted.addAll(endpoints(900, 901));
        SlicePlan plan = SlicePlan.of(OWNER, Map.of(PORTS, wanted), slices);
        assertEquals(1, plan.update.size());
        assertEquals(100, plan.update.getFirst().objects("endpoints").size());
    }

    @Test
    void anEmptySliceIsThePlaceholder() {
        List<Obj> slices = with(0, 150);
        SlicePlan plan = SlicePlan.of(OWNER, Map.of(), slices);
        List<Obj> after = apply(plan, slices);
        assertEquals(1, after.size());
        assertTrue(after.getFirst().objects("endpoints").isEmpty());
        SlicePlan again = SlicePlan.of(OWNER, Map.of(), after);
        assertEquals(0, again.create.size() + again.update.size() + again.delete.size());
    }

    @Test
    void anyWalkEndsWithEachEndpointOnceAndFewSlices() {
        long seed = 7;
        Random random = new Random(seed);
        List<Obj> slices = List.of();
        List<Obj> other = List.of(Obj.of("name", "", "port", 81, "protocol", "TCP"));
        for (int step = 0; step < 200; step++) {
            List<Obj> all = new ArrayList<>(endpoints(0, 400));
            java.util.Collections.shuffle(all, random);
            List<Obj> some = all.subList(0, random.nextInt(400));
            int cut = random.nextInt(some.size() + 1);
            Map<List<Obj>, List<Obj>> wanted = new java.util.HashMap<>();
            if (cut > 0) {
                wanted.put(PORTS, some.subList(0, cut));
            }
            if (cut < some.size()) {
                wanted.put(other, some.subList(cut, some.size()));
            }
            slices = apply(SlicePlan.of(OWNER, wanted, slices), slices);
            List<String> held = slices.stream().flatMap(s -> s.objects("endpoints").stream()).map(e -> e.text("targetRef", "uid")).sorted().toList();
            assertEquals(some.stream().map(e -> e.text("targetRef", "uid")).sorted().toList(), held, "seed " + seed + " step " + step);
            assertTrue(slices.stream().allMatch(s -> s.objects("endpoints").size() <= 100), "seed " + seed + " step " + step);
            for (Obj s : slices) {
                for (Obj e : s.objects("endpoints")) {
                    assertTrue(wanted.get(s.objects("ports")).contains(e), "seed " + seed + " step " + step);
                }
            }
        }
    }
}
