package io.manul.kubelet.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.json.Obj;
import io.manul.kubelet.cgroup.Usage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One reading, in the forms that it is shown in. */
class RenderTest {

    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");

    private static Usage usage(Instant at, long cpu, long memory) {
        return new Usage(at, cpu, cpu, 0, memory, memory, 1, 2, Usage.NONE, Usage.NONE, 3, 4, 1, 0, 0, 0);
    }

    private static Reading reading(Instant at, long cpu) {
        Reading.OfContainer c = new Reading.OfContainer("app", "c1", "web:1", "/p/c1", T, usage(at, cpu, 4096));
        Reading.OfPod pod = new Reading.OfPod("ns", "a\"b", "u1", "/p", T, Optional.of(usage(at, cpu, 8192)),
                Optional.of(new Network(List.of(new Network.Interface("eth0", 10, 1, 0, 0, 20, 2, 0, 0)))), List.of(c));
        return new Reading(at, usage(at, cpu * 10, 1 << 20), Optional.of(usage(at, cpu, 8192)), new Network(List.of()), List.of(pod));
    }

    @Test
    void resourceMetrics() {
        String text = ResourceMetrics.of(reading(T, 1_500_000_000));
        assertTrue(text.contains("# TYPE container_cpu_usage_seconds_total counter\n"
                + "container_cpu_usage_seconds_total{container=\"app\",namespace=\"ns\",pod=\"a\\\"b\"} 1.5 1767225600000\n"), text);
        assertTrue(text.contains("\nnode_memory_working_set_bytes 1048576 1767225600000\n"), text);
        assertTrue(text.contains("\npod_memory_working_set_bytes{namespace=\"ns\",pod=\"a\\\"b\"} 8192 1767225600000\n"), text);
        assertTrue(text.endsWith("\nresource_scrape_error 0\n"), text);
        assertFalse(text.contains("\ncontainer_swap_usage_bytes{"), "what the kernel does not tell is not told");
    }

    @Test
    void cadvisorMetrics() {
        String text = CadvisorMetrics.of(reading(T, 2_000_000_000), 2, 1000);
        assertTrue(text.contains("\ncontainer_cpu_usage_seconds_total{container=\"app\",cpu=\"total\",id=\"/p/c1\",image=\"web:1\",name=\"c1\","
                + "namespace=\"ns\",pod=\"a\\\"b\"} 2 1767225600000\n"), text);
        assertTrue(text.contains("container_network_transmit_bytes_total{id=\"/p\",image=\"\",name=\"\",namespace=\"ns\",pod=\"a\\\"b\","
                + "interface=\"eth0\"} 20 1767225600000\n"), text);
        assertTrue(text.contains("\nmachine_cpu_cores 2 "), text);
    }

    @Test
    void aRateNeedsTwoReadingsThatAreNotFarApart() {
        Rates rates = new Rates();
        assertFalse(rates.take(reading(T, 0)));
        assertFalse(rates.take(reading(T.plusMillis(100), 1)), "too near: it is not taken");
        assertTrue(rates.take(reading(T.plusSeconds(10), 5_000_000_000L)));
        assertEquals(500_000_000, rates.nanoCores("/p/c1").orElseThrow());
        assertTrue(rates.nanoCores("/new").isEmpty());
        assertFalse(rates.take(reading(T.plusSeconds(500), 6_000_000_000L)), "too long ago");
    }

    @Test
    void summary() throws Exception {
        Rates rates = new Rates();
        rates.take(reading(T.minusSeconds(2), 0));
        Reading r = reading(T, 1_000_000_000);
        rates.take(r);
        Obj all = new Summary(r, rates, "n1", Path.of("target"), 2 << 20, false).object(T);
        assertEquals("n1", all.text("node", "nodeName"));
        assertEquals((2 << 20) - (1 << 20), all.number("node", "memory", "availableBytes").orElseThrow());
        assertTrue(all.number("node", "fs", "capacityBytes").orElseThrow() > 0);
        Obj pod = all.objects("pods").getFirst();
        assertEquals("u1", pod.text("podRef", "uid"));
        assertEquals(500_000_000, pod.objects("containers").getFirst().number("cpu", "usageNanoCores").orElseThrow());
        assertEquals(20, pod.number("network", "txBytes").orElseThrow());
        assertFalse(new Summary(r, rates, "n1", Path.of("target"), 1, true).object(T).has("node", "fs"), "cpu and memory only");
    }
}
