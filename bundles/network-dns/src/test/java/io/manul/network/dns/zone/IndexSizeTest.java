package io.manul.network.dns.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Informer;
import io.manul.json.Obj;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Type;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What 10,000 Services with 50,000 endpoints take in the index, and how long the dearest question takes. */
@Timeout(60)
class IndexSizeTest {

    @Test
    void isCompact() {
        Index index = new Index();
        index.namespace(new Informer.Change(Informer.Kind.ADDED, Obj.of("metadata", Obj.of("name", "n")), null));
        long before = used();
        for (int i = 0; i < 10_000; i++) {
            add(index, i);
        }
        long octets = used() - before;
        ClusterZone zone = new ClusterZone(index, "cluster.local", new byte[4], () -> 1);
        assertEquals(1, zone.answer(new Question(Name.of("s77.n.svc.cluster.local"), Type.A, 1)).answers().size());
        Question nowhere = new Question(Name.of("9.9.9.9.in-addr.arpa"), Type.PTR, 1);
        for (int i = 0; i < 200; i++) {
            zone.reverse(nowhere);
        }
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertTrue(zone.reverse(nowhere).isEmpty());
        }
        long micros = (System.nanoTime() - start) / 100_000;
        System.out.println("index=" + index.size() + " octets=" + octets + " unknown_reverse_us=" + micros);
        assertTrue(octets < 12 << 20, "octets " + octets);
        assertTrue(micros < 20_000, "us " + micros);
    }

    private static void add(Index index, int i) {
        index.service(new Informer.Change(Informer.Kind.ADDED, Obj.of("metadata", Obj.of("name", "s" + i, "namespace", "n"), "spec",
                Obj.of("clusterIPs", List.of("10.43." + (i >> 8) + "." + (i & 255)), "ports", List.of(Obj.of("name", "http", "port", 80)))), null));
        List<Object> endpoints = new ArrayList<>();
        for (int e = 0; e < 5; e++) {
            endpoints.add(Obj.of("addresses", List.of("10." + (50 + e) + "." + (i >> 8) + "." + (i & 255)), "conditions", Obj.of("ready", true)).map());
        }
        index.slice(new Informer.Change(Informer.Kind.ADDED, Obj.of("metadata", Obj.of("name", "s" + i + "-x", "namespace", "n", "labels",
                Obj.of(Index.SERVICE_LABEL, "s" + i)), "addressType", "IPv4", "ports", List.of(Obj.of("name", "http", "port", 8080)), "endpoints", endpoints), null));
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
