package io.manul.client.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.client.Cluster;
import io.manul.client.Events;
import io.manul.json.Obj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventRecorderTest {

    private final ScriptedApi api = new ScriptedApi();
    private final Cluster cluster = new LoopbackClusters(api).controller("c", "test");
    private final Obj pod = Obj.of("apiVersion", "v1", "kind", "Pod", "metadata", Obj.of("namespace", "d", "name", "a", "uid", "u1"));

    @Test
    void aRepeatRaisesTheCount() {
        api.answer(201, "{}").answer(200, "{}").answer(201, "{}");
        Events events = cluster.events("kubelet");
        events.warning(pod, "Failed", "no image");
        events.warning(pod, "Failed", "no image");
        events.normal(pod, "Pulled", "there");
        events.close();
        assertEquals(3, api.asked.size());
        Obj first = Obj.parse(api.asked.get(0).body());
        assertEquals("/api/v1/namespaces/d/events", api.target(0));
        assertEquals("Warning", first.text("type"));
        assertEquals("kubelet", first.text("source", "component"));
        assertEquals("u1", first.text("involvedObject", "uid"));
        assertEquals("PATCH", api.asked.get(1).method());
        assertEquals(2, Obj.parse(api.asked.get(1).body()).number("count").orElseThrow());
        assertTrue(api.target(1).endsWith("/" + first.name()), api.target(1));
    }

    @Test
    void oneObjectCannotFloodTheApi() {
        for (int i = 0; i < 25; i++) {
            api.answer(201, "{}");
        }
        Events events = cluster.events("kubelet");
        for (int i = 0; i < 100; i++) {
            events.normal(pod, "R" + i / 5, "number " + i);
        }
        events.close();
        assertEquals(25, api.asked.size());
    }

    @Test
    void manySimilarEventsBecomeOne() {
        for (int i = 0; i < 12; i++) {
            api.answer(i < 10 ? 201 : 200, "{}");
        }
        Events events = cluster.events("deployment-controller");
        for (int i = 0; i < 11; i++) {
            events.normal(pod, "ScalingReplicaSet", "Scaled up to " + i);
        }
        events.normal(pod, "ScalingReplicaSet", "Scaled down to 3");
        events.close();
        assertEquals("Scaled up to 8", Obj.parse(api.asked.get(8).body()).text("message"));
        Obj combined = Obj.parse(api.asked.get(9).body());
        assertEquals("(combined from similar events): Scaled up to 9", combined.text("message"));
        assertEquals("PATCH", api.asked.get(11).method());
        assertTrue(api.target(11).endsWith("/" + combined.name()), api.target(11));
        assertEquals(3, Obj.parse(api.asked.get(11).body()).number("count").orElseThrow());
        assertEquals("(combined from similar events): Scaled down to 3", Obj.parse(api.asked.get(11).body()).text("message"));
    }

    @Test
    void eventsOfClusterScopedObjectsAreInDefault() {
        api.answer(201, "{}");
        Events events = cluster.events("node-controller");
        events.normal(Obj.of("apiVersion", "v1", "kind", "Node", "metadata", Obj.of("name", "n1", "uid", "n1")), "NodeReady", "ready");
        events.close();
        assertEquals("/api/v1/namespaces/default/events", api.target(0));
    }
}
