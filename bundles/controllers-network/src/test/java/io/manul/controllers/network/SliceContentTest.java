package io.manul.controllers.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.json.Obj;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SliceContentTest {

    private static final Obj SERVICE = Obj.parse("""
            {"metadata":{"name":"web","namespace":"d","uid":"s","creationTimestamp":"2026-01-01T00:00:00Z"},
             "spec":{"ipFamilies":["IPv6","IPv4"],"ports":[{"name":"h","port":80,"targetPort":"web"}]}}""");

    private static Obj pod(String ips) {
        return Obj.parse("""
                {"metadata":{"name":"p","namespace":"d","uid":"u"},"spec":{"containers":[{"ports":[{"name":"web","containerPort":8080}]}]},
                 "status":{"phase":"Running","podIP":"10.42.0.5","podIPs":%s,"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-02T00:00:00Z"}]}}"""
                .formatted(ips));
    }

    @Test
    void eachFamilyHasItsAddress() {
        Obj pod = pod("[{\"ip\":\"10.42.0.5\"},{\"ip\":\"fd42::5\"}]");
        assertEquals(List.of("IPv6", "IPv4"), Slices.families(SERVICE));
        assertEquals(List.of("fd42::5"), only(pod, "IPv6").strings("addresses"));
        assertEquals(List.of("10.42.0.5"), only(pod, "IPv4").strings("addresses"));
        assertEquals(Map.of(), Slices.endpoints(SERVICE, List.of(pod("[{\"ip\":\"10.42.0.5\"}]")), "IPv6", n -> ""));
    }

    private static Obj only(Obj pod, String family) {
        return Slices.endpoints(SERVICE, List.of(pod), family, n -> "").values().iterator().next().getFirst();
    }

    @Test
    void aSliceSaysWhichChangeItAnswers() {
        Obj pod = pod("[{\"ip\":\"10.42.0.5\"}]");
        SliceOwner owner = SliceOwner.service(SERVICE, "IPv4", Map.of("u", PodEndpoint.since(pod)));
        SlicePlan plan = SlicePlan.of(owner, Slices.endpoints(SERVICE, List.of(pod), "IPv4", n -> ""), List.of());
        assertEquals("2026-01-02T00:00:00Z", plan.create.getFirst().annotations().get(SliceOwner.TRIGGER));
        Obj empty = SlicePlan.of(owner, Map.of(), List.of()).create.getFirst();
        assertEquals("2026-01-01T00:00:00Z", empty.annotations().get(SliceOwner.TRIGGER));
        Obj there = plan.create.getFirst().copy().set("web-1", "metadata", "name");
        Obj left = SlicePlan.of(owner, Map.of(), List.of(there)).update.getFirst();
        assertEquals(Map.of(), left.annotations(), "who left is no trigger");
    }

    @ParameterizedTest
    @CsvSource({"6,1,3,'a=[2, 2] b=[4, 4] '", "12,1,1,'a=[5, 7] b=[5, 7] '", "1,1,1,''", "2,1,9,''"})
    void zonesGetTheirShare(int endpoints, String a, String b, String bounds) {
        StringBuilder shown = new StringBuilder();
        Zones.bounds(Zones.shares(List.of(node("a", a), node("b", b))), endpoints)
                .forEach((zone, bound) -> shown.append(zone).append('=').append(List.of(bound[0], bound[1])).append(' '));
        assertEquals(bounds, shown.toString());
    }

    @Test
    void oneZoneAloneHasNoShare() {
        assertEquals(Map.of(), Zones.shares(List.of(node("a", "1"), node("a", "4"))));
    }

    private static Obj node(String zone, String cpu) {
        return Obj.of("metadata", Obj.of("name", zone, "labels", Obj.of("topology.kubernetes.io/zone", zone)), "status", Obj.of(
                "allocatable", Obj.of("cpu", cpu), "conditions", List.of(Obj.of("type", "Ready", "status", "True"))));
    }
}
