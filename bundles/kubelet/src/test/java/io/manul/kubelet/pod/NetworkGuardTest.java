package io.manul.kubelet.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Unavailable;
import io.manul.api.network.PodNetworkGuard;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NetworkGuardTest {

    private static final Pod POD = new Pod(Obj.of("metadata", Obj.of("name", "p", "namespace", "ns", "uid", "u")));
    private static final Sandbox SANDBOX = new Sandbox("s", 0, true, 0, List.of("10.42.0.5"), false);

    private final List<String> asked = new ArrayList<>();
    private final Gate<PodNetworkGuard> gate = new Gate<>("network-policy", Duration.ofSeconds(5));

    private PodNetworkGuard room(String name) {
        return (sandbox, limit) -> asked.add(name + " " + sandbox.namespace() + "/" + sandbox.name() + " " + sandbox.addresses().getFirst().getHostAddress());
    }

    @Test
    void whereNoPolicyIsARoomThatRestsIsNotWaitedFor() throws Exception {
        new NetworkGuard(gate, n -> false, true).guard(POD, SANDBOX);
        assertEquals(List.of(), asked);
    }

    @Test
    void aRoomThatWakesForThePoliciesIsWaitedFor() throws Exception {
        gate.whenAwaited(() -> gate.flip(room("woken"), "1"));
        new NetworkGuard(gate, "ns"::equals, true).guard(POD, SANDBOX);
        assertEquals(List.of("woken ns/p 10.42.0.5"), asked);
    }

    @Test
    void aRoomThatDoesNotWakeKeepsTheContainersFromStarting() {
        Gate<PodNetworkGuard> shut = new Gate<>("network-policy", Duration.ofMillis(20));
        assertThrows(Unavailable.class, () -> new NetworkGuard(shut, n -> true, true).guard(POD, SANDBOX));
    }

    @Test
    void notWantedOrOnTheHostsNetworkNobodyIsAsked() throws Exception {
        gate.flip(room("room"), "1");
        new NetworkGuard(gate, n -> true, false).guard(POD, SANDBOX);
        new NetworkGuard(gate, n -> true, true).guard(POD, new Sandbox("s", 0, true, 0, List.of("192.0.2.1"), true));
        assertEquals(List.of(), asked);
    }

    @Test
    void whenItIsReplacedMeanwhileTheNextIsAsked() throws Exception {
        gate.flip((sandbox, limit) -> {
            gate.flip(room("next"), "2");
            throw new IOException("closing");
        }, "1");
        new NetworkGuard(gate, n -> true, true).guard(POD, SANDBOX);
        assertEquals(List.of("next ns/p 10.42.0.5"), asked);
    }

    @Test
    void whatItRefusesIsRefused() {
        gate.flip((sandbox, limit) -> {
            throw new IOException("nft is not there");
        }, "1");
        assertEquals("nft is not there", assertThrows(IOException.class, () -> new NetworkGuard(gate, n -> true, true).guard(POD, SANDBOX)).getMessage());
    }
}
